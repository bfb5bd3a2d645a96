# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The signal operators of TensorFlow Lite Micro (signal/micro/kernels): an audio front end."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from tvm import relax

from zephyr_counters.compile.frontends.c_calls import called
from zephyr_counters.compile.frontends.tflite.context import Context, Converters, Expr
from zephyr_counters.compile.frontends.tflite.custom import Options, checked
from zephyr_counters.compile.frontends.tflite.file import Operator
from zephyr_counters.compile.frontends.tflite.variables import state
from zephyr_counters.compile.kernels.signal import FFT, SIGNAL
from zephyr_counters.extensions.tensors import Tensor

_MOST_STAGES = 8
_LUT = [round(2**16 * (math.log2(1 + i / 128) - i / 128)) for i in range(129)] + [0]
_GAIN_TABLE = 125
"""Elements that the gain of the largest noise needs (pcan_argc_fixed.cc: WideDynamicFunction)."""


def _call(
    context: Context, function: str, args: list[Expr], constants: Any, shape: Any, dtype: str
) -> Expr:
    y = Tensor(tuple(shape), dtype)
    return called(context.builder, function, args, constants, y, SIGNAL)


def _input(op: Operator, context: Context, index: int, dtype: str, rank: int | None = 1) -> Expr:
    """Return an input of the one type and rank that the operator takes."""
    tensor = context.tensor(op.inputs[index])
    checked(tensor.dtype == dtype, f"its input {index} is {tensor.dtype}, not {dtype}")
    expr = context.emit(context.expr(op.inputs[index]))
    found = len(context.shape(expr))
    checked(rank in (None, found), f"its input {index} has {found} dimensions, not {rank}")
    return expr


def window(op: Operator, context: Context) -> Expr:
    """SignalWindow: each row times a window, shifted right (signal/src/window.cc)."""
    shift = Options(op).integer("shift")
    x = _input(op, context, 0, "int16", None)
    weights = _input(op, context, 1, "int16")
    size = context.shape(weights)[0]
    checked(context.shape(x)[-1] % size == 0, f"its rows are no multiple of {size}")
    checked(0 <= shift < 32, f"its shift is {shift}")
    rows = relax.op.reshape(x, (-1, size))
    product = relax.op.multiply(relax.op.astype(rows, "int32"), relax.op.astype(weights, "int32"))
    shifted = relax.op.right_shift(product, relax.const(shift, "int32"))
    limited = relax.op.astype(relax.op.clip(shifted, -32768, 32767), "int16")
    return relax.op.reshape(limited, context.shape(x))


def fft_auto_scale(op: Operator, context: Context) -> list[Expr]:
    """SignalFftAutoScale: shifted left as far as it goes, and by how many bits."""
    x = _input(op, context, 0, "int16")
    size = np.array([context.shape(x)[0]], np.int32)
    bits = _call(context, "zc_signal_scale_bits", [x], [size], (), "int32")
    wide = relax.op.left_shift(relax.op.astype(x, "int32"), bits)
    return [relax.op.astype(wide, "int16"), bits]


def _roots(length: int, dtype: str, inverse: bool) -> Any:
    """Roots of unity as the transform multiplies by them: points, then half a turn's."""
    points = length // 2
    turns = np.arange(points) / points
    halves = (np.arange(1, points // 2 + 1) / points + 0.5) / 2
    phase = -2 * np.pi * np.concatenate([turns, halves]) * (-1 if inverse else 1)
    pairs = np.stack([np.cos(phase), np.sin(phase)], axis=-1)
    if dtype == "float32":
        return pairs.astype(np.float32)
    return np.floor(0.5 + np.iinfo(dtype).max * pairs).astype(dtype)


def _transform(op: Operator, rows: int, given: int, dtype: str) -> tuple[int, Any]:
    """Return the length of an operator's transform, and its description (zc_fft.h)."""
    length = Options(op).integer("fft_length")
    checked(
        4 <= length <= 2 ** (2 * _MOST_STAGES) and length & (length - 1) == 0,
        f"its length {length} is not a power of 2, or too short or long",
    )
    fours, twos = divmod(int(math.log2(length // 2)), 2)
    radix = [4] * fours + [2] * twos
    padded = radix + [0] * (_MOST_STAGES - len(radix))
    return length, np.array([rows, length, given, len(radix), *padded], np.int32)


def _fft(op: Operator, context: Context) -> tuple[Expr, tuple[int, ...], str]:
    dtype = context.tensor(op.inputs[0]).dtype
    checked(dtype in FFT, f"its input is {dtype}")
    x = _input(op, context, 0, dtype, None)
    return x, context.shape(x), dtype


def rfft(op: Operator, context: Context) -> Expr:
    """SignalRfft: of each row, filled up with 0; real and imaginary parts in turn."""
    x, shape, dtype = _fft(op, context)
    length, config = _transform(op, math.prod(shape[:-1]), shape[-1], dtype)
    checked(shape[-1] <= length, f"its rows of {shape[-1]} are longer than {length}")
    y = Tensor((*shape[:-1], length + 2), dtype)
    name = f"zc_rfft_{dtype.removesuffix('32') if dtype == 'float32' else dtype}"
    constants = [config, _roots(length, dtype, inverse=False)]
    return called(context.builder, name, [x], constants, y, FFT[dtype])


def irfft(op: Operator, context: Context) -> Expr:
    """SignalIrfft: back to reals; integers lose as many bits as the length has."""
    x, shape, dtype = _fft(op, context)
    length, config = _transform(op, math.prod(shape[:-1]), 0, dtype)
    checked(shape[-1] == length + 2, f"its rows of {shape[-1]} are not of {length + 2}")
    y = Tensor((*shape[:-1], length), dtype)
    name = f"zc_irfft_{dtype.removesuffix('32') if dtype == 'float32' else dtype}"
    constants = [config, _roots(length, dtype, inverse=True)]
    scratch = length * np.dtype(dtype).itemsize
    return called(context.builder, name, [x], constants, y, FFT[dtype], scratch)


def energy(op: Operator, context: Context) -> Expr:
    """SignalEnergy: squares of magnitudes; 0 outside of the range that it computes."""
    options = Options(op)
    x = _input(op, context, 0, "int16")
    count = context.shape(x)[0] // 2
    start, end = options.integer("start_index"), options.integer("end_index")
    checked(0 <= start <= end <= count, f"its range {start} to {end} is not within {count}")
    parts = relax.op.astype(relax.op.reshape(x, (count, 2)), "int32")
    squares = relax.op.astype(relax.op.multiply(parts, parts), "uint32")
    inside = np.zeros(count, np.uint32)
    inside[start:end] = 1
    return relax.op.multiply(relax.op.sum(squares, [1]), relax.const(inside))


def filter_bank(op: Operator, context: Context) -> Expr:
    """SignalFilterBank: energies of overlapping bands."""
    channels = Options(op).integer("num_channels")
    x = _input(op, context, 0, "uint32")
    tables = [context.needed(index, "its tables") for index in op.inputs[1:6]]
    checked(all(str(t.dtype) == "int16" and t.ndim == 1 for t in tables), "its tables are no int16")
    weights, unweights, starts, offsets, widths = tables
    checked(
        channels >= 1 and all(len(t) > channels for t in (starts, offsets, widths)),
        f"its tables are not of {channels} channels",
    )
    used = np.maximum(widths[: channels + 1].astype(int), 0)
    for first, limit in (
        (starts, context.shape(x)[0]),
        (offsets, min(len(weights), len(unweights))),
    ):
        begin = first[: channels + 1].astype(int)
        fits = (used == 0) | ((begin >= 0) & (begin + used <= limit))
        checked(bool(fits.all()), "a band reads outside of the spectrum or of its weights")
    config = np.array([channels], np.int32)
    return _call(context, "zc_signal_filter_bank", [x], [config, *tables], (channels,), "uint64")


def square_root(op: Operator, context: Context) -> Expr:
    """SignalFilterBankSquareRoot: without the bits that the automatic scale added."""
    x = _input(op, context, 0, "uint64")
    bits = _input(op, context, 1, "int32", 0)
    shape = context.shape(x)
    size = np.array([shape[0]], np.int32)
    return _call(context, "zc_signal_square_root", [x, bits], [size], shape, "uint32")


def spectral_subtraction(op: Operator, context: Context) -> list[Expr]:
    """SignalFilterBankSpectralSubtraction: a signal without its noise, and the noise, a state."""
    options = Options(op)
    x = _input(op, context, 0, "uint32")
    shape = context.shape(x)
    checked(options.integer("num_channels") == shape[0], "its channels are not those of its input")
    names = (
        "smoothing", "alternate_smoothing", "one_minus_smoothing", "alternate_one_minus_smoothing",
        "min_signal_remaining",
    )  # fmt: skip
    bits = [options.integer(n) for n in ("smoothing_bits", "spectral_subtraction_bits")]
    checked(all(0 <= n < 32 for n in bits), f"its bits are {bits}")
    clamps = int(options.boolean("clamping"))
    numbers = [shape[0], *(options.integer(n) for n in names), *bits, clamps]
    config = np.array([n & 0xFFFFFFFF for n in numbers], np.uint32).view(np.int32)
    kept = state(context, f"signal {op.outputs[1]}", f"{op.layer} noise", np.zeros(shape, "uint32"))
    noise = _call(context, "zc_signal_noise", [x, kept.value], [config], shape, "uint32")
    kept.value = noise
    name = "zc_signal_without_noise"
    return [_call(context, name, [x, noise], [config], shape, "uint32"), noise]


def log(op: Operator, context: Context) -> Expr:
    """SignalFilterBankLog: natural logarithms, scaled."""
    options = Options(op)
    x = _input(op, context, 0, "uint32")
    shape = context.shape(x)
    bits, scale = options.integer("input_correction_bits"), options.integer("output_scale")
    checked(0 <= bits < 32, f"its correction is by {bits} bits")
    config = np.array([shape[0], scale, bits], np.int32)
    table = np.array(_LUT, np.uint16)
    return _call(context, "zc_signal_log", [x], [config, table], shape, "int16")


def pcan(op: Operator, context: Context) -> Expr:
    """SignalPCAN: gain control per channel (pcan_argc_fixed.cc)."""
    shift = Options(op).integer("snr_shift")
    x, noise = (_input(op, context, index, "uint32") for index in (0, 1))
    table = _input(op, context, 2, "int16")
    shape = context.shape(x)
    checked(context.shape(noise) == shape, "its noise is not of its input's shape")
    checked(context.shape(table)[0] >= _GAIN_TABLE, f"its table has not {_GAIN_TABLE} elements")
    checked(0 <= shift < 64, f"its shift is {shift}")
    config = np.array([shape[0], shift], np.int32)
    return _call(context, "zc_signal_gain", [x, noise, table], [config], shape, "uint32")


CONVERTERS: Converters = {
    "SignalEnergy": energy,
    "SignalFftAutoScale": fft_auto_scale,
    "SignalFilterBank": filter_bank,
    "SignalFilterBankLog": log,
    "SignalFilterBankSpectralSubtraction": spectral_subtraction,
    "SignalFilterBankSquareRoot": square_root,
    "SignalIrfft": irfft,
    "SignalPCAN": pcan,
    "SignalRfft": rfft,
    "SignalWindow": window,
}
