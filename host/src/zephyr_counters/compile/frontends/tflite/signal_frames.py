# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Signal operators of TensorFlow Lite Micro that remember samples: state in RAM, no ring buffer."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from tvm import relax

from zephyr_counters.compile.frontends.tflite.context import Context, Converters, Expr
from zephyr_counters.compile.frontends.tflite.custom import Options, checked
from zephyr_counters.compile.frontends.tflite.file import Operator
from zephyr_counters.compile.frontends.tflite.variables import state, tensor_state

_MOST_SAMPLES = 1 << 20
"""What an operator may remember: 2 MiB, more than a microcontroller has."""
_MOST_FRAMES = 512
"""Of one run; each is a layer of its own before it is fused."""


def _rows(op: Operator, context: Context, *dtypes: str) -> tuple[Expr, tuple[int, ...], str]:
    tensor = context.tensor(op.inputs[0])
    checked(tensor.dtype in dtypes, f"its input is {tensor.dtype}, not {' or '.join(dtypes)}")
    x = context.emit(context.expr(op.inputs[0]))
    return x, context.shape(x), tensor.dtype


def _kept(op: Operator, context: Context, what: str, initial: Any) -> Any:
    """Return what an operator remembers of one kind."""
    return state(context, f"signal {op.outputs[0]} {what}", f"{op.layer} {what}", initial)


def _part(x: Expr, begin: int, end: int) -> Expr:
    """Return elements of the second axis of a matrix."""
    return relax.op.strided_slice(x, [1], [begin], [end])


def _extended(op: Operator, context: Context, x: Expr, rows: int, size: int) -> Expr:
    """Return [rows, .] samples with the `size` before them, which it remembers for the next run."""
    samples = relax.op.reshape(x, (rows, -1))
    if size == 0:
        return context.emit(samples)
    found = _kept(op, context, "samples", np.zeros((rows, size), np.int16))
    whole = context.emit(relax.op.concat([found.value, samples], 1))
    total = context.shape(whole)[1]
    found.value = context.emit(_part(whole, total - size, total))
    return whole


def delay(op: Operator, context: Context) -> Expr:
    """SignalDelay: samples of `delay_length` before."""
    length = Options(op).integer("delay_length")
    checked(0 <= length <= _MOST_SAMPLES, f"its delay is {length}")
    x, shape, _ = _rows(op, context, "int16")
    rows = math.prod(shape[:-1])
    whole = _extended(op, context, x, rows, length)
    return relax.op.reshape(_part(whole, 0, shape[-1]), shape)


def framer(op: Operator, context: Context) -> list[Expr]:
    """SignalFramer: overlapping frames, and whether all have been filled."""
    options = Options(op)
    size, step = options.integer("frame_size"), options.integer("frame_step")
    prefill = options.boolean("prefill")
    x, shape, _ = _rows(op, context, "int16")
    checked(size > 0 and step > 0 and shape[-1] % step == 0, f"its rows are no multiple of {step}")
    checked(not prefill or step <= size, f"its step {step} is longer than its frames of {size}")
    rows, count = math.prod(shape[:-1]), shape[-1] // step
    checked(size <= _MOST_SAMPLES, f"its frames are of {size} samples")
    checked(count <= _MOST_FRAMES, f"it makes {count} frames of one input")
    blocks = -(-size // step) - 1
    before = size - step if prefill else blocks * step
    whole = _extended(op, context, x, rows, before)
    frames = [
        relax.op.reshape(_part(whole, i * step, i * step + size), (rows, 1, size))
        for i in range(count)
    ]
    joined = frames[0] if count == 1 else relax.op.concat(frames, 1)
    result = context.emit(relax.op.reshape(joined, (*shape[:-1], count, size)))
    if prefill or blocks == 0:
        return [result, relax.const(True, "bool")]
    filled = _kept(op, context, "blocks", np.zeros((), np.int32))
    needed = relax.const(blocks, "int32")
    valid = context.emit(relax.op.greater_equal(filled.value, needed))
    more = relax.op.add(filled.value, relax.const(count, "int32"))
    filled.value = context.emit(relax.op.minimum(more, needed))
    return [result, valid]


def overlap_add(op: Operator, context: Context) -> Expr:
    """SignalOverlapAdd: frames added where they overlap; integers are limited to their type."""
    step = Options(op).integer("frame_step")
    x, shape, dtype = _rows(op, context, "int16", "float32")
    checked(len(shape) >= 2, "its input is one frame")
    rows, count, size = math.prod(shape[:-2]), shape[-2], shape[-1]
    checked(0 < step <= size, f"its step {step} is not within its frames of {size}")
    checked(count <= _MOST_FRAMES, f"it adds {count} frames")
    frames = context.emit(relax.op.reshape(x, (rows, count * size)))
    tail = relax.const(np.zeros((rows, step), dtype))
    found = (
        _kept(op, context, "sums", np.zeros((rows, size - step), dtype)) if step < size else None
    )
    kept = None if found is None else found.value
    results = []
    for i in range(count):
        frame = _part(frames, i * size, (i + 1) * size)
        if kept is not None:
            frame = _added(frame, relax.op.concat([kept, tail], 1), dtype)
        frame = context.emit(frame)
        results.append(_part(frame, 0, step))
        kept = context.emit(_part(frame, step, size)) if found is not None else None
    if found is not None:
        found.value = kept
    joined = results[0] if count == 1 else relax.op.concat(results, 1)
    return relax.op.reshape(joined, (*shape[:-2], count * step))


def _added(a: Expr, b: Expr, dtype: str) -> Expr:
    if dtype == "float32":
        return relax.op.add(a, b)
    wide = relax.op.add(relax.op.astype(a, "int32"), relax.op.astype(b, "int32"))
    return relax.op.astype(relax.op.clip(wide, -32768, 32767), "int16")


def stacker(op: Operator, context: Context) -> list[Expr]:
    """SignalStacker: a frame with those around it, every `stacker_step` frames.

    Before the first frame it stands itself. Results that are not valid have the frames so far.
    """
    options = Options(op)
    left, right, step, channels = (
        options.integer(name)
        for name in (
            "stacker_left_context", "stacker_right_context", "stacker_step", "num_channels",
        )
    )  # fmt: skip
    x, shape, _ = _rows(op, context, "int16")
    around = left + right
    checked(left >= 0 and right >= 0, "its context is negative")
    checked(around * channels <= _MOST_SAMPLES, f"its context is {around} frames")
    checked(shape == (channels,), f"its input has not {channels} channels")
    checked(0 < step <= around + 1, f"its step {step} is not within its {around + 1} frames")
    waiting = _kept(op, context, "wait", np.full((), -1, np.int32))
    zero = relax.const(0, "int32")
    is_first = context.emit(relax.op.less(waiting.value, zero))
    wait = context.emit(relax.op.where(is_first, relax.const(right, "int32"), waiting.value))
    valid = context.emit(relax.op.equal(wait, zero))
    less = relax.op.subtract(wait, relax.const(1, "int32"))
    waiting.value = context.emit(relax.op.where(valid, relax.const(step - 1, "int32"), less))
    frame = relax.op.reshape(x, (1, channels))
    if around == 0:
        return [x, valid]
    found = _kept(op, context, "frames", np.zeros((around, channels), np.int16))
    before = relax.op.where(is_first, relax.op.broadcast_to(frame, (around, channels)), found.value)
    whole = context.emit(relax.op.concat([before, frame], 0))
    found.value = context.emit(relax.op.strided_slice(whole, [0], [1], [around + 1]))
    return [relax.op.reshape(whole, ((around + 1) * channels,)), valid]


def circular_buffer(op: Operator, context: Context) -> Expr:
    """CIRCULAR_BUFFER of the last inputs, if the model goes on after each of them."""
    cycles = Options(op).integer("cycles_max") if op.custom else 0
    checked(
        cycles == 1,
        "does not say that it runs every time (cycles_max 1), and may end a run halfway",
    )
    x, shape, _ = _rows(op, context, "int8")
    y = context.tensor(op.outputs[0])
    checked(
        len(y.shape) == len(shape) == 4 and shape[1] == 1 and y.shape[1] >= 1
        and (*y.shape[:1], *y.shape[2:]) == (*shape[:1], *shape[2:]) and y.shape[0] == 1,
        f"{list(shape)} is no slot of {list(y.shape)}",
    )  # fmt: skip
    found = tensor_state(context, op.outputs[0])
    kept = found.value
    if y.shape[1] > 1:
        rest = relax.op.strided_slice(kept, [1], [1], [y.shape[1]])
        x = relax.op.concat([rest, x], 1)
    found.value = context.emit(x)
    return found.value


CONVERTERS: Converters = {
    "CIRCULAR_BUFFER": circular_buffer,
    "SignalDelay": delay,
    "SignalFramer": framer,
    "SignalOverlapAdd": overlap_add,
    "SignalStacker": stacker,
}
