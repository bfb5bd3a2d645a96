# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Float LSTM in all its variants, and plain recurrent layers (kernels/lstm_eval.cc, rnn)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from tvm import relax

from zephyr_counters.compile.frontends.tflite.context import (
    Array,
    Context,
    Converters,
    Expr,
    Unsupported,
)
from zephyr_counters.compile.frontends.tflite.file import NONE, Operator
from zephyr_counters.compile.frontends.tflite.variables import tensor_state

_NORM = 1e-8
"""Added to the variance of a layer normalization."""
MAX_STEPS = 512
_TANH = 4
_FULL = 0
_ACTIVATIONS = {0: lambda x: x, 1: relax.op.nn.relu, 3: lambda x: relax.op.clip(x, 0.0, 6.0),
                4: relax.op.tanh}  # fmt: skip


@dataclass(frozen=True)
class _Inputs:
    """Optional inputs of an operator."""

    op: Operator
    context: Context

    def given(self, index: int) -> bool:
        return index < len(self.op.inputs) and self.op.inputs[index] != NONE

    def reals(self, index: int) -> Array | None:
        """Return a constant in reals; None if it is absent."""
        if not self.given(index):
            return None
        tensor = self.context.tensor(self.op.inputs[index])
        values = self.context.needed(self.op.inputs[index], "its weights").astype(np.float32)
        quantized = tensor.quantization is not None
        return values * np.float32(tensor.scale) if quantized else values


def _const(value: Array) -> Expr:
    return relax.const(np.ascontiguousarray(value, np.float32))


def steps_first(context: Context, index: int, time_major: bool) -> Expr:
    """Return a sequence as [steps, batch, size].

    Raises:
        Unsupported: it is too long to unroll, or is no sequence.
    """
    x = context.emit(context.expr(index))
    if len(context.shape(x)) != 3:
        raise Unsupported(f"its input has {len(context.shape(x))} dimensions, not 3")
    if not time_major:
        batch, steps, size = context.shape(x)
        x = context.emit(
            relax.op.permute_dims(x, [1, 0, 2])
            if batch > 1
            else relax.op.reshape(x, (steps, 1, size))
        )
    steps = context.shape(x)[0]
    if steps > MAX_STEPS:
        raise Unsupported(f"{steps} time steps, more than {MAX_STEPS}")
    return x


def sequence(context: Context, rows: list[Expr], time_major: bool) -> Expr:
    """Return the results of all steps, each [batch, outputs], as one tensor."""
    parts = [relax.op.reshape(row, (1, *context.shape(row))) for row in rows]
    y = relax.op.concat(parts, 0) if len(parts) > 1 else parts[0]
    return y if time_major else relax.op.permute_dims(y, [1, 0, 2])


def check_tanh(options: Any) -> None:
    """Refuse an LSTM with another activation than tanh."""
    if options.FusedActivationFunction() != _TANH:
        raise Unsupported("its activation is not tanh")


def lstm(
    op: Operator,
    context: Context,
    x: Expr,
    steps: int,
    batch: int,
    options: Any,
    *,
    backward: bool = False,
) -> list[Expr]:
    """Return the results of each step in order of time, [batch, outputs].

    Inputs are those of UNIDIRECTIONAL_SEQUENCE_LSTM: weights 1 to 4, recurrent ones 5 to 8,
    peepholes 9 to 11, biases 12 to 15, projection 16 and 17, states 18 and 19, norms from 20;
    and from 24 the weights of an auxiliary input, whose elements follow the input's in `x`.
    """
    inputs = _Inputs(op, context)
    coupled = not inputs.given(1)
    gates = range(1, 4) if coupled else range(4)

    def joined(first: int) -> Array:
        parts = [inputs.reals(first + gate) for gate in gates]
        if any(part is None for part in parts):
            raise Unsupported("some of its weights are absent")
        return np.concatenate([part for part in parts if part is not None])

    w, r = joined(1), joined(5)
    if inputs.given(26):
        w = np.concatenate([w, joined(24)], axis=1)
    units = w.shape[0] // len(gates)
    norms = {gate: inputs.reals(20 + gate) for gate in gates}
    peepholes = {gate: inputs.reals(9 + i) for i, gate in enumerate((0, 1, 3))}
    biases = {gate: inputs.reals(12 + gate) for gate in gates}
    projection, offset = inputs.reals(16), inputs.reals(17)
    h_state, c_state = (tensor_state(context, op.inputs[i]) for i in (18, 19))
    h, c = h_state.value, c_state.value
    flat = relax.op.reshape(x, (steps * batch, w.shape[1]))
    wide = relax.op.matmul(flat, _const(w.T))
    normalized = any(norm is not None for norm in norms.values())
    if not normalized and all(bias is not None for bias in biases.values()):
        wide = relax.op.add(wide, _const(np.concatenate([biases[g] for g in gates])))
    wide = context.emit(wide)
    matrix = _const(r.T)

    def gate_sum(total: Expr, gate: int, cell: Expr) -> Expr:
        place = gate - gates[0]
        part = relax.op.strided_slice(total, [1], [place * units], [(place + 1) * units])
        peephole, norm = peepholes.get(gate), norms[gate]
        if peephole is not None:
            part = relax.op.add(part, relax.op.multiply(cell, _const(peephole)))
        if norm is None:
            return part
        part = context.emit(part)
        centred = relax.op.subtract(part, relax.op.mean(part, [-1], True))
        variance = relax.op.variance(part, [-1], True)
        scale = relax.op.rsqrt(relax.op.add(variance, relax.const(_NORM, "float32")))
        part = relax.op.multiply(relax.op.multiply(centred, scale), _const(norm))
        bias = biases[gate]
        return part if bias is None else relax.op.add(part, _const(bias))

    rows = []
    for t in reversed(range(steps)) if backward else range(steps):
        part = relax.op.strided_slice(wide, [0], [t * batch], [(t + 1) * batch])
        total = context.emit(relax.op.add(part, relax.op.matmul(h, matrix)))
        f = context.emit(relax.op.sigmoid(gate_sum(total, 1, c)))
        one = relax.const(1.0, "float32")
        i = relax.op.subtract(one, f) if coupled else relax.op.sigmoid(gate_sum(total, 0, c))
        fresh = relax.op.multiply(i, relax.op.tanh(gate_sum(total, 2, c)))
        c = relax.op.add(relax.op.multiply(f, c), fresh)
        if options.CellClip() > 0:
            c = relax.op.clip(c, -options.CellClip(), options.CellClip())
        c = context.emit(c)
        h = relax.op.multiply(relax.op.sigmoid(gate_sum(total, 3, c)), relax.op.tanh(c))
        if projection is not None:
            h = relax.op.matmul(h, _const(projection.T))
            h = h if offset is None else relax.op.add(h, _const(offset))
            if options.ProjClip() > 0:
                h = relax.op.clip(h, -options.ProjClip(), options.ProjClip())
        h = context.emit(h)
        rows.append(h)
    h_state.value, c_state.value = h, c
    return rows[::-1] if backward else rows


def single_lstm(op: Operator, context: Context) -> Expr:
    """LSTM: one step; its other kernel, BASIC, has its state as inputs and outputs."""
    options = op.options("LSTMOptions")
    if options.KernelType() != _FULL:
        raise Unsupported("its kernel type BASIC is not supported")
    if len(op.inputs) not in (20, 24):
        raise Unsupported(f"it has {len(op.inputs)} inputs, not 20 or 24")
    check_float(op, context)
    check_tanh(options)
    check_states(op, context, (18, 19))
    x = context.emit(context.expr(op.inputs[0]))
    shape = context.shape(x)
    if len(shape) != 2:
        raise Unsupported(f"its input has {len(shape)} dimensions, not 2")
    return lstm(op, context, x, 1, shape[0], options)[0]


def check_float(op: Operator, context: Context) -> None:
    """Refuse a layer whose input is not float."""
    found = context.tensor(op.inputs[0]).dtype
    if found != "float32":
        raise Unsupported(f"its input is {found}")


def check_states(op: Operator, context: Context, places: Sequence[int]) -> None:
    """Refuse a state that is no variable: it would be lost after each run."""
    for place in places:
        if op.inputs[place] == NONE or not context.tensor(op.inputs[place]).is_variable:
            raise Unsupported(f"its state, input {place}, is not a variable")


def rnn(
    op: Operator,
    context: Context,
    x: Expr,
    steps: int,
    batch: int,
    kind: int,
    *,
    backward: bool = False,
) -> list[Expr]:
    """Return act(W x + R h + b) of each step in order of time.

    Inputs are those of UNIDIRECTIONAL_SEQUENCE_RNN, and from 5 the weights of an auxiliary
    input, whose elements follow the input's in `x`.
    """
    inputs = _Inputs(op, context)
    check_float(op, context)
    if kind not in _ACTIVATIONS:
        raise Unsupported(f"its activation {kind} is not supported")
    w, r, bias = (inputs.reals(i) for i in (1, 2, 3))
    if w is None or r is None or bias is None:
        raise Unsupported("some of its weights are absent")
    auxiliary = inputs.reals(5)
    if auxiliary is not None:
        w = np.concatenate([w, auxiliary], axis=1)
    state = tensor_state(context, op.inputs[4])
    h = state.value
    matrix = _const(r.T)
    flat = relax.op.reshape(x, (steps * batch, w.shape[1]))
    wide = context.emit(relax.op.add(relax.op.matmul(flat, _const(w.T)), _const(bias)))
    rows = []
    for t in reversed(range(steps)) if backward else range(steps):
        part = relax.op.strided_slice(wide, [0], [t * batch], [(t + 1) * batch])
        total = relax.op.add(part, relax.op.matmul(h, matrix))
        h = context.emit(_ACTIVATIONS[kind](total))
        rows.append(h)
    state.value = h
    return rows[::-1] if backward else rows


def single_rnn(op: Operator, context: Context) -> Expr:
    """RNN: one step."""
    x = context.emit(context.expr(op.inputs[0]))
    kind = op.options("RNNOptions").FusedActivationFunction()
    return rnn(op, context, x, 1, context.shape(x)[0], kind)[0]


def unidirectional_sequence_rnn(op: Operator, context: Context) -> Expr:
    """UNIDIRECTIONAL_SEQUENCE_RNN."""
    options = op.options("SequenceRNNOptions")
    time_major = bool(options.TimeMajor())
    x = steps_first(context, op.inputs[0], time_major)
    steps, batch, _ = context.shape(x)
    rows = rnn(op, context, x, steps, batch, options.FusedActivationFunction())
    return sequence(context, rows, time_major)


CONVERTERS: Converters = {
    "LSTM": single_lstm,
    "RNN": single_rnn,
    "UNIDIRECTIONAL_SEQUENCE_RNN": unidirectional_sequence_rnn,
}
