# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""LSTM, GRU and RNN, unrolled over time (onnx.ai/onnx/operators)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from tvm import relax

from zephyr_counters.compile.frontends.onnx.convert import (
    Array,
    Converters,
    Expr,
    Node,
    Unsupported,
    const,
)

MAX_STEPS = 512
"""Longer sequences would give more code than a microcontroller's flash holds."""
_F32 = "float32"


@dataclass
class Cell:
    """One direction of a layer: its weights, transposed, and its activations."""

    w: Array
    r: Array
    bias_w: Array
    bias_r: Array
    peepholes: Array | None
    functions: list[Callable[[Expr], Expr]]
    clip: float | None


def _activation(name: str, alpha: float | None, beta: float | None) -> Callable[[Expr], Expr]:
    def number(value: float | None, default: float) -> Expr:
        return const(default if value is None else value, _F32)

    def elu(x: Expr) -> Expr:
        low = relax.op.subtract(relax.op.exp(x), const(1, _F32))
        scaled = relax.op.multiply(number(alpha, 1.0), low)
        return relax.op.where(relax.op.greater_equal(x, const(0, _F32)), x, scaled)

    table: dict[str, Callable[[Expr], Expr]] = {
        "sigmoid": relax.op.sigmoid,
        "tanh": relax.op.tanh,
        "relu": relax.op.nn.relu,
        "softsign": lambda x: relax.op.divide(x, relax.op.add(const(1, _F32), relax.op.abs(x))),
        "softplus": lambda x: relax.op.log(relax.op.add(const(1, _F32), relax.op.exp(x))),
        "affine": lambda x: relax.op.add(
            relax.op.multiply(number(alpha, 1.0), x), number(beta, 0.0)
        ),
        "hardsigmoid": lambda x: relax.op.clip(
            relax.op.add(relax.op.multiply(number(alpha, 0.2), x), number(beta, 0.5)), 0.0, 1.0
        ),
        "leakyrelu": lambda x: relax.op.where(
            relax.op.less(x, const(0, _F32)), relax.op.multiply(number(alpha, 0.01), x), x
        ),
        "scaledtanh": lambda x: relax.op.multiply(
            number(alpha, 1.0), relax.op.tanh(relax.op.multiply(number(beta, 1.0), x))
        ),
        "thresholdedrelu": lambda x: relax.op.where(
            relax.op.greater(x, number(alpha, 1.0)), x, const(0, _F32)
        ),
        "elu": elu,
    }
    if name.lower() not in table:
        raise Unsupported(f"activation {name}")
    return table[name.lower()]


def _cells(node: Node, gates: int, defaults: tuple[str, ...]) -> list[Cell]:
    w, r = node.needed(1, "its weights"), node.needed(2, "its weights")
    directions, hidden = w.shape[0], r.shape[2]
    bias = node.array(3)
    if node.input(3) is not None and bias is None:
        raise Unsupported("its bias must be constant")
    if bias is None:
        bias = np.zeros((directions, 2 * gates * hidden), np.float32)
    holes = node.array(7) if gates == 4 else None
    names = [
        n.decode() if isinstance(n, bytes) else n
        for n in node.get("activations", defaults * directions)
    ]
    alphas, betas = list(node.get("activation_alpha", ())), list(node.get("activation_beta", ()))
    count = len(defaults)
    cells = []
    for d in range(directions):
        functions = []
        for name in names[d * count : (d + 1) * count]:
            takes_alpha = name.lower() not in ("sigmoid", "tanh", "relu", "softsign", "softplus")
            takes_beta = name.lower() in ("affine", "hardsigmoid", "scaledtanh")
            alpha = alphas.pop(0) if takes_alpha and alphas else None
            beta = betas.pop(0) if takes_beta and betas else None
            functions.append(_activation(name, alpha, beta))
        half = gates * hidden
        cells.append(
            Cell(
                np.ascontiguousarray(w[d].T), np.ascontiguousarray(r[d].T), bias[d, :half],
                bias[d, half:], None if holes is None else holes[d], functions, node.get("clip"),
            )
        )  # fmt: skip
    return cells


class _Layer:
    """What the three layers share: time, directions, lengths of sequences."""

    def __init__(self, node: Node, gates: int, defaults: tuple[str, ...]) -> None:
        self.node = node
        self.batch_first = bool(node.get("layout", 0))
        x = node.emit(node.input(0))
        if self.batch_first:
            x = node.emit(relax.op.permute_dims(x, [1, 0, 2]))
        self.x = x
        self.steps, self.batch, self.size = node.shape(x)
        if self.steps > MAX_STEPS:
            raise Unsupported(f"{self.steps} time steps, more than {MAX_STEPS}")
        self.cells = _cells(node, gates, defaults)
        self.hidden = self.cells[0].r.shape[0]
        lengths = node.array(4)
        if node.input(4) is not None and lengths is None:
            raise Unsupported("the lengths of its sequences must be constant")
        self.lengths = lengths if lengths is not None and np.any(lengths != self.steps) else None
        direction = node.get("direction", "forward")
        self.reverse = [direction == "reverse"] if len(self.cells) == 1 else [False, True]

    def initial(self, index: int, direction: int) -> Expr:
        """Return the first state of a direction, [batch, hidden]."""
        given = self.node.input(index)
        shape = (self.batch, self.hidden)
        if given is None:
            return const(np.zeros(shape), _F32)
        if self.batch_first:
            given = relax.op.permute_dims(given, [1, 0, 2])
        part = relax.op.strided_slice(given, [0], [direction], [direction + 1])
        return self.node.emit(relax.op.reshape(part, shape))

    def inputs(self, cell: Cell) -> list[Expr]:
        """Return x * W + bias for each step, computed at once."""
        flat = relax.op.reshape(self.x, (self.steps * self.batch, self.size))
        product = relax.op.matmul(flat, const(cell.w, _F32))
        wide = cell.w.shape[1]
        total = self.node.emit(relax.op.add(product, const(cell.bias_w, _F32)))
        return [
            relax.op.strided_slice(total, [0], [t * self.batch], [(t + 1) * self.batch])
            if self.steps > 1
            else relax.op.reshape(total, (self.batch, wide))
            for t in range(self.steps)
        ]

    def gates(self, total: Expr, cell: Cell, count: int) -> list[Expr]:
        """Columns of a sum, one part per gate, clipped."""
        if cell.clip:
            total = relax.op.clip(total, -float(cell.clip), float(cell.clip))
        total = self.node.emit(total)
        return [
            relax.op.strided_slice(total, [1], [k * self.hidden], [(k + 1) * self.hidden])
            for k in range(count)
        ]

    def run(self, step: Callable[..., list[Expr]], states: int) -> Any:
        """All directions: the results [time, directions, batch, hidden] and the last states."""
        node = self.node
        outputs: list[list[Expr]] = []
        finals: list[list[Expr]] = []
        for d, cell in enumerate(self.cells):
            given = self.inputs(cell)
            state = [self.initial(5 + k, d) for k in range(states)]
            made: list[Expr] = [None] * self.steps
            order = range(self.steps)
            for t in reversed(order) if self.reverse[d] else order:
                after = [node.emit(s) for s in step(cell, given[t], *state)]
                if self.lengths is not None:
                    live = const((t < self.lengths)[:, None], "bool")
                    kept = [
                        node.emit(relax.op.where(live, new, old))
                        for new, old in zip(after, state, strict=True)
                    ]
                    made[t] = node.emit(relax.op.where(live, after[0], const(0, _F32)))
                    state = kept
                else:
                    made[t], state = after[0], after
            outputs.append(made)
            finals.append(state)
        shape = (1, 1, self.batch, self.hidden)
        rows = [relax.op.reshape(outputs[d][t], shape)
                for t in range(self.steps) for d in range(len(self.cells))]  # fmt: skip
        y = relax.op.concat(rows, 0) if len(rows) > 1 else rows[0]
        y = relax.op.reshape(y, (self.steps, len(self.cells), self.batch, self.hidden))
        if self.batch_first:
            y = relax.op.permute_dims(y, [2, 0, 1, 3])
        results = [node.emit(y)]
        for k in range(states):
            parts = [relax.op.reshape(f[k], shape[1:]) for f in finals]
            last = relax.op.concat(parts, 0) if len(parts) > 1 else parts[0]
            if self.batch_first:
                last = relax.op.permute_dims(last, [1, 0, 2])
            results.append(node.emit(last))
        return relax.Tuple(results)


def lstm(node: Node) -> Any:
    """LSTM; gates in ONNX's order: input, output, forget, cell."""
    layer = _Layer(node, 4, ("Sigmoid", "Tanh", "Tanh"))
    coupled = bool(node.get("input_forget", 0))

    def step(cell: Cell, x: Expr, h: Expr, c: Expr) -> list[Expr]:
        f, g, o_f = cell.functions
        total = relax.op.add(x, relax.op.matmul(h, const(cell.r, _F32)))
        total = relax.op.add(total, const(cell.bias_r, _F32))
        i, o, forget, candidate = layer.gates(total, cell, 4)
        holes: list[Any] = [None] * 3
        if cell.peepholes is not None:
            holes = [const(p, _F32) for p in np.split(cell.peepholes, 3)]

        def seen(gate: Expr, hole: Any, memory: Expr) -> Expr:
            if hole is None:
                return gate
            return relax.op.add(gate, relax.op.multiply(hole, memory))

        i = node.emit(f(seen(i, holes[0], c)))
        keep = relax.op.subtract(const(1, _F32), i) if coupled else f(seen(forget, holes[2], c))
        after = node.emit(
            relax.op.add(relax.op.multiply(keep, c), relax.op.multiply(i, g(candidate)))
        )
        return [relax.op.multiply(f(seen(o, holes[1], after)), o_f(after)), after]

    return layer.run(step, 2)


def gru(node: Node) -> Any:
    """GRU; gates in ONNX's order: update, reset, hidden."""
    layer = _Layer(node, 3, ("Sigmoid", "Tanh"))
    n = layer.hidden
    before = bool(node.get("linear_before_reset", 0))

    def step(cell: Cell, x: Expr, h: Expr) -> list[Expr]:
        f, g = cell.functions
        x = node.emit(x)
        recurrent = relax.op.matmul(h, const(cell.r[:, : 2 * n], _F32))
        recurrent = relax.op.add(recurrent, const(cell.bias_r[: 2 * n], _F32))
        total = relax.op.add(relax.op.strided_slice(x, [1], [0], [2 * n]), recurrent)
        z, r = (node.emit(f(gate)) for gate in layer.gates(total, cell, 2))
        candidate = relax.op.strided_slice(x, [1], [2 * n], [3 * n])
        weight, bias = const(cell.r[:, 2 * n :], _F32), const(cell.bias_r[2 * n :], _F32)
        if before:
            inner = relax.op.add(relax.op.matmul(h, weight), bias)
            total = relax.op.add(candidate, relax.op.multiply(r, inner))
        else:
            inner = relax.op.matmul(node.emit(relax.op.multiply(r, h)), weight)
            total = relax.op.add(candidate, relax.op.add(inner, bias))
        if cell.clip:
            total = relax.op.clip(total, -float(cell.clip), float(cell.clip))
        new = g(total)
        fresh = relax.op.multiply(relax.op.subtract(const(1, _F32), z), new)
        return [relax.op.add(fresh, relax.op.multiply(z, h))]

    return layer.run(step, 1)


def rnn(node: Node) -> Any:
    """RNN."""
    layer = _Layer(node, 1, ("Tanh",))

    def step(cell: Cell, x: Expr, h: Expr) -> list[Expr]:
        total = relax.op.add(x, relax.op.matmul(h, const(cell.r, _F32)))
        total = relax.op.add(total, const(cell.bias_r, _F32))
        if cell.clip:
            total = relax.op.clip(total, -float(cell.clip), float(cell.clip))
        return [cell.functions[0](total)]

    return layer.run(step, 1)


CONVERTERS: Converters = {"GRU": gru, "LSTM": lstm, "RNN": rnn}
