# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""TFLM_DECODE: constants that TensorFlow Lite Micro stores compressed.

They are decoded at compile time. Sources: micro/compression/decode.py, kernels/decode_state_*.cc.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from zephyr_counters.compile.frontends.tflite.context import Array, Context, Converters, Unsupported
from zephyr_counters.compile.frontends.tflite.custom import checked
from zephyr_counters.compile.frontends.tflite.file import Operator, Tensor

_HEADER = 16
"""Bytes of the ancillary tensor before tables; byte 0 is the kind, bytes 1 and 4 versions."""
_VERSION = 1


def decode(op: Operator, context: Context) -> list[Array]:
    """TFLM_DECODE: pairs of an encoded and an ancillary tensor, a result for each."""
    checked(len(op.inputs) == 2 * len(op.outputs), "its inputs are not two for each result")
    results = []
    for place, index in enumerate(op.outputs):
        encoded, ancillary = (
            context.needed(i, "its inputs").tobytes() for i in op.inputs[2 * place : 2 * place + 2]
        )
        checked(len(ancillary) >= _HEADER, "its ancillary tensor has no header")
        checked(
            ancillary[1] == ancillary[4] == _VERSION,
            f"its versions are {ancillary[1]} and {ancillary[4]}",
        )
        kind = _KINDS.get(ancillary[0])
        if kind is None:
            raise Unsupported(f"its kind of compression is {ancillary[0]}")
        y = context.tensor(index)
        flat = kind(encoded, ancillary, y, int(np.prod(y.shape)))
        results.append(flat.astype(y.dtype).reshape(y.shape))
    return results


def _bits(data: bytes, count: int) -> Array:
    """Return the first bits, the highest of each byte first."""
    checked(8 * len(data) >= count, f"it has {8 * len(data)} bits of {count}")
    return np.unpackbits(np.frombuffer(data, np.uint8), count=count)


def _table(ancillary: bytes, dtype: str) -> Array:
    item = np.dtype(dtype).itemsize
    return np.frombuffer(ancillary, dtype, (len(ancillary) - _HEADER) // item, _HEADER)


def _channels(y: Tensor, count: int) -> Array:
    """Return the channel of each element, as scales are per channel of the first or last axis."""
    channels = 1 if y.quantization is None else len(y.quantization.scale)
    if channels == 1:
        return np.zeros(count, np.int64)
    assert y.quantization is not None
    axis = y.quantization.axis
    checked(axis in (0, len(y.shape) - 1), f"its channels are axis {axis}")
    checked(count % channels == 0, f"its {count} elements are not of {channels} channels")
    last = axis == len(y.shape) - 1
    return np.arange(count) % channels if last else np.arange(count) // (count // channels)


def _by_table(encoded: bytes, ancillary: bytes, y: Tensor, count: int) -> Array:
    """Decode indices of 1 to 7 bits into a table per channel."""
    width, stride = ancillary[5] & 7, ancillary[6]
    checked(width > 0, "its indices have no bits")
    bits = _bits(encoded, count * width).reshape(count, width).astype(np.int64)
    index = bits @ (1 << np.arange(width - 1, -1, -1))
    table = _table(ancillary, y.dtype)
    place = _channels(y, count) * stride + index
    checked(bool(np.all(place < len(table))), "an index is outside of its table")
    return np.asarray(table[place])


def _pruned(encoded: bytes, ancillary: bytes, y: Tensor, count: int) -> Array:
    """Decode a bit per element that is not zero, and the values of these."""
    there = _bits(encoded, count).astype(bool)
    values = _table(ancillary, y.dtype)
    checked(int(there.sum()) <= len(values), "it has too few values")
    zeros = np.zeros(1, np.int64) if y.quantization is None else y.quantization.zero
    found = zeros[_channels(y, count) if len(zeros) > 1 else np.zeros(count, np.int64)]
    found = found.astype(y.dtype)
    found[there] = values[: int(there.sum())]
    return np.asarray(found)


def _huffman(encoded: bytes, ancillary: bytes, y: Tensor, count: int) -> Array:
    """Decode codewords by tables of symbols and of places of further tables.

    An entry has, from its highest bit on: whether it is a symbol; 4 bits, of a symbol the bits of
    the last index that are its, else one less than the bits of the next index; and the symbol, or
    the distance to the next table.
    """
    wide = bool(ancillary[5] & 1)
    checked(y.dtype == "int8" or (wide and y.dtype == "int16"), f"its result is {y.dtype}")
    table = [int(n) for n in _table(ancillary, "<u4" if wide else "<u2")]
    top = 31 if wide else 15
    first = (ancillary[5] >> 4) + 1
    padded = encoded + bytes(8)
    found = np.zeros(count, np.uint16)
    position = 0
    for symbol in range(count):
        used, place = first, 0
        while True:
            checked(position <= 8 * len(encoded), "its codewords end before their last")
            word = int.from_bytes(padded[position // 8 : position // 8 + 8], "big")
            place += (word >> (64 - position % 8 - used)) & ((1 << used) - 1)
            position += used
            checked(place < len(table), "a codeword leads outside of its tables")
            entry = table[place]
            bits = (entry >> (top - 4)) & 15
            if entry >> top:
                break
            used = bits + 1
            place += entry & ((1 << (top - 4)) - 1)
        position -= max(0, used - bits)
        found[symbol] = entry & 0xFFFF
    return found.astype(np.uint8).view(np.int8) if y.dtype == "int8" else found.view(np.int16)


_KINDS: dict[int, Callable[[bytes, bytes, Tensor, int], Any]] = {
    0: _by_table,
    1: _huffman,
    2: _pruned,
}
CONVERTERS: Converters = {"TFLM_DECODE": decode}
