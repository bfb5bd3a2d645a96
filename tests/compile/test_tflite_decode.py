# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""TFLM_DECODE: compressed constants, with the values that they were made from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from compile_fixtures import build
from tflite_models import Builder
from zephyr_counters.compile import compile_model
from zephyr_counters.errors import CompileError

RNG = np.random.default_rng(6)
SHAPE = (4, 6)


def packed(bits: str) -> bytes:
    """Bits in whole words, the highest of each byte first."""
    padded = bits + "0" * (-len(bits) % 32)
    return bytes(int(padded[i : i + 8], 2) for i in range(0, len(padded), 8))


def header(kind: int, *rest: int) -> bytes:
    return bytes([kind, 1, 0, 0, 1, *rest]).ljust(16, b"\0")


def by_table(width: int, dtype: str, channels: int, axis: int) -> tuple[bytes, bytes, Any]:
    """Indices of `width` bits into a table per channel; encoded, ancillary, values."""
    index = RNG.integers(0, 2**width, SHAPE)
    table = RNG.integers(-100, 100, (channels, 2**width)).astype(dtype)
    channel = np.indices(SHAPE)[axis] if channels > 1 else np.zeros(SHAPE, int)
    bits = "".join(f"{i:0{width}b}" for i in index.reshape(-1))
    ancillary = header(0, width, 2**width) + table.tobytes()
    return packed(bits), ancillary, table[channel, index]


def pruned(dtype: str, zeros: Any) -> tuple[bytes, bytes, Any]:
    there = RNG.integers(0, 2, SHAPE).astype(bool)
    values = RNG.integers(1, 100, SHAPE).astype(dtype)
    found = np.where(there, values, np.reshape(zeros, (-1, 1))).astype(dtype)
    return (
        packed("".join(map(str, there.reshape(-1).astype(int)))),
        (header(2) + found[there].tobytes()),
        found,
    )


def huffman(dtype: str, wide: bool) -> tuple[bytes, bytes, Any]:
    """Codes 0, 10, 110, 1110, 1111: a first table by 2 bits, and for what begins with 11 another.

    An entry is found, bits, value; the first table's last leads 1 further, to an index of 2 bits.
    """
    symbols = [3, -7, 100, -128, 0] if dtype == "int8" else [3, -7, 1000, -30000, 0]
    codes = ["0", "10", "110", "1110", "1111"]
    top = 32 if wide else 16
    mask = 0xFFFF if wide else 0xFF

    def entry(found: int, bits: int, value: int) -> int:
        return found << (top - 1) | bits << (top - 5) | (value & mask)

    s = symbols
    table = [
        entry(1, 1, s[0]), entry(1, 1, s[0]), entry(1, 2, s[1]), entry(0, 1, 1),
        entry(1, 1, s[2]), entry(1, 1, s[2]), entry(1, 2, s[3]), entry(1, 2, s[4]),
    ]  # fmt: skip
    chosen = RNG.integers(0, 5, SHAPE)
    bits = "".join(codes[i] for i in chosen.reshape(-1))
    tables = np.array(table, "<u4" if wide else "<u2").tobytes()
    values = np.array(symbols, dtype)[chosen]
    return packed(bits), header(1, (2 - 1) << 4 | wide) + tables, values


CASES = {
    **{f"table of {w} bits": (by_table(w, "int8", 1, 0), 1, 0, 0) for w in (1, 2, 3, 4, 5, 6, 7)},
    "table per row": (by_table(3, "int8", 4, 0), 4, 0, 0),
    "table per column": (by_table(4, "int8", 6, 1), 6, 1, 0),
    "table of floats": (by_table(2, "float32", 1, 0), None, 0, 0),
    "table of int32": (by_table(4, "int32", 1, 0), None, 0, 0),
    "pruned": (pruned("int8", [0]), 1, 0, 0),
    "pruned with zero points": (pruned("int8", [1, -2, 3, -4]), 4, 0, [1, -2, 3, -4]),
    "pruned floats": (pruned("float32", [0]), None, 0, 0),
    "codewords": (huffman("int8", False), 1, 0, 0),
    "codewords by wide tables": (huffman("int8", True), 1, 0, 0),
    "codewords of int16": (huffman("int16", True), 1, 0, 0),
}


def test_constants_are_what_they_were_made_from(tmp_path: Path) -> None:
    made = Builder()
    x, y = made.input([1], "float32"), made.tensor([1], "float32")
    made.op("RELU", [x], [y])
    inputs, results = [], []
    for (encoded, ancillary, values), channels, axis, zero in CASES.values():
        inputs += [made.tensor([len(data)], "uint8", data=np.frombuffer(data, np.uint8))
                   for data in (encoded, ancillary)]  # fmt: skip
        scale = None if channels is None else np.full(channels, 0.5)
        results.append(made.tensor(SHAPE, str(values.dtype), scale, zero, axis=axis))
    made.custom("TFLM_DECODE", inputs, results)
    archive = compile_model(made.save(tmp_path / "all.tflite", [y, *results]))
    found = build(archive, tmp_path / "build", "-O0").run([[np.zeros(1, np.float32)]])[0]
    for name, result in zip(CASES, found[1:], strict=True):
        np.testing.assert_array_equal(result, CASES[name][0][2], err_msg=name)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda encoded, ancillary: (encoded, ancillary[:8]), "has no header"),
        (lambda encoded, ancillary: (encoded, b"\x09" + ancillary[1:]), "compression is 9"),
        (lambda encoded, ancillary: (encoded, ancillary[:1] + b"\x02" + ancillary[2:]), "versions"),
        (lambda encoded, ancillary: (encoded[:4], ancillary), "end before their last"),
        (lambda encoded, ancillary: (encoded, ancillary[:24]), "outside of its tables"),
        (lambda encoded, ancillary: (encoded, header(0, 4, 16) + b"\0"), "bits of 96|outside"),
    ],
)
def test_what_is_damaged_is_refused(change: Any, why: str, tmp_path: Path) -> None:
    encoded, ancillary, values = huffman("int8", False)
    encoded, ancillary = change(packed("1111" * 24), ancillary)
    made = Builder()
    parts = [made.tensor([len(b)], "uint8", data=np.frombuffer(b, np.uint8))
             for b in (encoded, ancillary)]  # fmt: skip
    decoded = made.tensor(values.shape, "int8", 0.5)
    made.custom("TFLM_DECODE", parts, [decoded])
    with pytest.raises(CompileError, match=f"operator TFLM_DECODE, layer 't2': .*({why})"):
        compile_model(made.save(tmp_path / "model.tflite", [decoded]))
