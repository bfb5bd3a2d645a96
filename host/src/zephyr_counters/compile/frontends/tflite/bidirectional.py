# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Layers that run over time in both directions, each as two layers of one direction.

Sources: kernels/bidirectional_sequence_lstm.cc, kernels/bidirectional_sequence_rnn.cc.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tvm import relax

from zephyr_counters.compile.frontends.tflite import lstm_float
from zephyr_counters.compile.frontends.tflite.context import (
    Context,
    Converters,
    Expr,
    Unsupported,
)
from zephyr_counters.compile.frontends.tflite.file import NONE, Operator


@dataclass(frozen=True)
class _Inputs:
    """Which inputs of an operator are what."""

    cells: tuple[Sequence[int], Sequence[int]]
    """Forward and backward: those that a layer of that direction has from its input 1 on."""
    states: Sequence[int]
    auxiliary: int
    auxiliary_weights: Sequence[int]
    count: int


_LSTM = _Inputs(
    (
        (*range(1, 18), 35, 36, *[NONE] * 4, *range(40, 44)),
        (*range(18, 35), 37, 38, *[NONE] * 4, *range(44, 48)),
    ),
    range(35, 39),
    39,
    range(40, 48),
    48,
)
_RNN = _Inputs(((1, 2, 3, 4, 10), (5, 6, 7, 8, 11)), (4, 8), 9, (10, 11), 12)
_Cell = Callable[[Operator, Expr, int, int, bool], list[Expr]]
"""Gives the results of each step of a direction, from its operator and its input."""


def bidirectional_sequence_lstm(op: Operator, context: Context) -> Expr | list[Expr]:
    """BIDIRECTIONAL_SEQUENCE_LSTM."""
    options = op.options("BidirectionalSequenceLSTMOptions")
    lstm_float.check_tanh(options)

    def cell(part: Operator, x: Expr, steps: int, batch: int, backward: bool) -> list[Expr]:
        return lstm_float.lstm(part, context, x, steps, batch, options, backward=backward)

    return _both(op, context, _LSTM, options, cell)


def bidirectional_sequence_rnn(op: Operator, context: Context) -> Expr | list[Expr]:
    """BIDIRECTIONAL_SEQUENCE_RNN."""
    options = op.options("BidirectionalSequenceRNNOptions")
    _check_auxiliary(op, context, bool(options.TimeMajor()))
    kind = options.FusedActivationFunction()

    def cell(part: Operator, x: Expr, steps: int, batch: int, backward: bool) -> list[Expr]:
        return lstm_float.rnn(part, context, x, steps, batch, kind, backward=backward)

    return _both(op, context, _RNN, options, cell)


def _check_auxiliary(op: Operator, context: Context, time_major: bool) -> None:
    """Refuse where LiteRT's kernel does something else with an auxiliary input than it says.

    Batches first, its backward cell ignores one without weights; time first, it takes steps of
    the input's size in one with weights.
    """
    if len(op.inputs) != _RNN.count or op.inputs[_RNN.auxiliary] == NONE:
        return
    crossed = any(op.inputs[place] != NONE for place in _RNN.auxiliary_weights)
    if not crossed and not time_major:
        raise Unsupported("its auxiliary input without weights needs time as the first dimension")
    sizes = [context.shape_of(op.inputs[place])[-1] for place in (0, _RNN.auxiliary)]
    if crossed and time_major and sizes[0] != sizes[1]:
        raise Unsupported(f"its input has {sizes[0]} elements, its auxiliary input {sizes[1]}")


def _both(
    op: Operator, context: Context, inputs: _Inputs, options: Any, cell: _Cell
) -> Expr | list[Expr]:
    """Return the results of both directions: side by side if the options merge them."""
    if len(op.inputs) != inputs.count:
        raise Unsupported(f"it has {len(op.inputs)} inputs, not {inputs.count}")
    lstm_float.check_float(op, context)
    lstm_float.check_states(op, context, inputs.states)
    time_major = bool(options.TimeMajor())
    sequences = _sequences(op, context, inputs, time_major)
    results = []
    for x, places, backward in zip(sequences, inputs.cells, (False, True), strict=True):
        own = [NONE if place == NONE else op.inputs[place] for place in places]
        steps, batch, _ = context.shape(x)
        rows = cell(replace(op, inputs=(op.inputs[0], *own)), x, steps, batch, backward)
        results.append(lstm_float.sequence(context, rows, time_major))
    return relax.op.concat(results, 2) if options.MergeOutputs() else results


def _sequences(
    op: Operator, context: Context, inputs: _Inputs, time_major: bool
) -> tuple[Expr, Expr]:
    """Return what the forward and the backward cell read, [steps, batch, size].

    An auxiliary input without weights is the backward cell's input (layers that are stacked
    direction by direction); with weights, both cells read it next to the input (cross links).
    """
    x = lstm_float.steps_first(context, op.inputs[0], time_major)
    crossed = any(op.inputs[place] != NONE for place in inputs.auxiliary_weights)
    if op.inputs[inputs.auxiliary] == NONE:
        if crossed:
            raise Unsupported("it has weights of an auxiliary input, which is absent")
        return x, x
    auxiliary = lstm_float.steps_first(context, op.inputs[inputs.auxiliary], time_major)
    if not crossed:
        return x, auxiliary
    joined = context.emit(relax.op.concat([x, auxiliary], 2))
    return joined, joined


CONVERTERS: Converters = {
    "BIDIRECTIONAL_SEQUENCE_LSTM": bidirectional_sequence_lstm,
    "BIDIRECTIONAL_SEQUENCE_RNN": bidirectional_sequence_rnn,
}
