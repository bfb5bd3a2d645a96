# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A Relax function as a plain list of steps, which keeps where each step came from.

Relax passes rename variables and drop spans; the names of the source model's tensors are kept
here, by the name of the variable that holds the step's result ("z0", "z1", ...).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import tvm
from tvm import relax, tirx

from zephyr_counters.compile.plan.macs import macs
from zephyr_counters.errors import CompileError
from zephyr_counters.extensions.kernel import CFile
from zephyr_counters.extensions.operator import Operator
from zephyr_counters.extensions.tensor_ir import C_FILES
from zephyr_counters.formats.model_metadata import LayerCandidate

Expr = Any
"""A Relax expression: TVM's stubs give no usable types."""


@dataclass(frozen=True)
class Origin:
    """Where a step came from: Relax operators, and the source model's name for them or None.

    `sources` are the names of all nodes of the source model that it came from.
    """

    ops: tuple[str, ...]
    label: str | None = None
    macs: int = 0
    accelerator: str | None = None
    sources: tuple[str, ...] = ()
    candidate: LayerCandidate | None = None
    """The kernel library's candidate that computes it; None if TVM lowers it."""


@dataclass(frozen=True)
class KernelCall:
    """A step that was already lowered: a call of `func`, which writes its one result last."""

    func: tirx.PrimFunc
    name: str
    args: tuple[Expr, ...]
    files: tuple[CFile, ...] = ()
    """C sources that `func` calls."""
    requires: frozenset[str] = frozenset()
    """Core features that `func` needs."""
    extra_constants: int = 0
    """Bytes of constants more than the candidate that `--optimize balanced` takes."""
    op: Operator | None = None
    """What it computes, if a kernel library was asked for it."""
    estimate: float = 0
    """Instructions of one run, roughly, as the library says."""


@dataclass
class Step:
    """One operator application: `var` is its result, of type `type`."""

    var: relax.Var
    value: Any
    """An expression, or a KernelCall."""
    type: Any
    origin: Origin


@dataclass
class Graph:
    """A model: parameters, steps in order, and results (variables of parameters or steps)."""

    params: list[relax.Var]
    steps: list[Step]
    outputs: list[Expr]
    producers: dict[relax.Var, Step] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.producers = {step.var: step for step in self.steps}

    def uses(self) -> dict[relax.Var, int]:
        """How often each variable is read, results of the model included."""
        count: dict[relax.Var, int] = {}

        def visit(expr: Expr) -> None:
            for var in variables(expr):
                count[var] = count.get(var, 0) + 1

        for step in self.steps:
            visit(step.value)
        for output in self.outputs:
            visit(output)
        return count


def op_name(expr: Expr) -> str:
    """Return a call's operator by its short name, such as "conv2d"; "" if it is none."""
    if isinstance(expr, tvm.ir.Call) and isinstance(expr.op, tvm.ir.Op):
        return str(expr.op.name).rsplit(".", 1)[-1]
    if isinstance(expr, relax.TupleGetItem):
        return "tuple_get_item"
    return ""


def variables(value: Expr | KernelCall) -> list[relax.Var]:
    """Return the variables that a step's value reads, in order, with repetitions."""
    if isinstance(value, relax.Var):
        return [value]
    if isinstance(value, KernelCall):
        parts: Sequence[Expr] = value.args
    elif isinstance(value, tvm.ir.Call):
        parts = list(value.args)
    elif isinstance(value, relax.Tuple):
        parts = list(value.fields)
    elif isinstance(value, relax.TupleGetItem):
        parts = [value.tuple_value]
    else:
        parts = []
    return [var for part in parts for var in variables(part)]


def substitute(expr: Expr, mapping: Mapping[relax.Var, Expr]) -> Expr:
    """Return the expression with its variables replaced."""
    if isinstance(expr, relax.Var):
        return mapping.get(expr, expr)
    if isinstance(expr, relax.Tuple):
        return relax.Tuple([substitute(item, mapping) for item in expr.fields])
    if isinstance(expr, relax.TupleGetItem):
        return relax.TupleGetItem(substitute(expr.tuple_value, mapping), expr.index)
    if isinstance(expr, tvm.ir.Call):
        args = [substitute(arg, mapping) for arg in expr.args]
        return tvm.ir.Call(expr.op, args, expr.attrs, expr.ty_args, expr.span)
    return expr


def read(
    mod: tvm.IRModule,
    label_of: Callable[[relax.Var], str | None],
    node_of: Callable[[relax.Var], str | None] = lambda var: None,
) -> Graph:
    """Take a frontend's module apart.

    Args:
        mod: `main` is its only function, one dataflow block.
        label_of: the model's name of the operator that a variable is the last result of, or None.
        node_of: the same name as the model file spells it; None if the label is that.

    Raises:
        CompileError: the model has control flow or calls functions.
    """
    for callee, func in mod.functions_items():
        if callee.name_hint != "main" and not isinstance(func, tirx.PrimFunc):
            raise CompileError("the model calls subgraphs, which cannot be compiled")
    mod = relax.transform.DecomposeOpsForInference()(mod)
    main = mod["main"]
    alias: dict[relax.Var, Expr] = {}
    steps: list[Step] = []
    unlabelled: list[int] = []
    for block in main.body.blocks:
        for binding in block.bindings:
            value = binding.value
            if isinstance(value, relax.If | relax.SeqExpr | tvm.ir.BaseFunc):
                raise CompileError("the model has control flow, which cannot be compiled")
            if not isinstance(value, tvm.ir.Call | relax.TupleGetItem | relax.Tuple):
                alias[binding.var] = substitute(value, alias)
                continue
            value = substitute(value, alias)
            var = binding.var
            origin = Origin((op_name(value),), None, macs(value, var))
            if op_name(value) == "call_tir":
                callee = value.args[0]
                value = _kernel_call(mod[callee], callee.name_hint, value.args[1])
                origin = Origin((callee.name_hint,))
            unlabelled.append(len(steps))
            steps.append(Step(var, value, var.ty, origin))
            label = label_of(var)
            if label is not None:
                sources = (node_of(var) or label,)
                for index in unlabelled:
                    origin = steps[index].origin
                    steps[index].origin = replace(origin, label=label, sources=sources)
                unlabelled.clear()
    result = substitute(main.body.body, alias)
    graph = Graph(list(main.params), steps, [])
    if isinstance(result, relax.Var) and result in graph.producers:
        made = graph.producers[result].value
        if isinstance(made, relax.Tuple):
            result = made
    graph.outputs = list(result.fields) if isinstance(result, relax.Tuple) else [result]
    return graph


def _kernel_call(func: tirx.PrimFunc, name: str, args: relax.Tuple) -> KernelCall:
    """Return a frontend's call of a tensor program, with the C files that it has as attribute."""
    texts = [str(text) for text in (func.attrs or {}).get(C_FILES, ())]
    if texts:
        func = func.without_attr(C_FILES)
    files = tuple(map(CFile, texts[::2], texts[1::2]))
    return KernelCall(func, name, tuple(args.fields), files)


def build(graph: Graph) -> tuple[tvm.IRModule, dict[str, Origin]]:
    """Return a module of the graph, and the origin of each variable of `main` by its name."""
    builder = relax.BlockBuilder()
    params = [relax.Var(f"in{index}", var.ty) for index, var in enumerate(graph.params)]
    mapping: dict[relax.Var, Expr] = dict(zip(graph.params, params, strict=True))
    origins: dict[str, Origin] = {}
    with builder.function("main", params=params):
        with builder.dataflow():
            for index, step in enumerate(graph.steps):
                name = f"z{index}"
                value = step.value
                if isinstance(value, KernelCall):
                    callee = builder.add_func(value.func, value.name)
                    args = [substitute(arg, mapping) for arg in value.args]
                    value = relax.call_tir(callee, args, step.type)
                else:
                    value = substitute(value, mapping)
                mapping[step.var] = builder.emit(value, name)
                origins[name] = step.origin
            results = [substitute(output, mapping) for output in graph.outputs]
            result = builder.emit_output(results[0] if len(results) == 1 else relax.Tuple(results))
        builder.emit_func_output(result)
    return builder.get(), origins


def without_operators(graph: Graph) -> Graph:
    """Return the graph without what kernel calls compute, which holds all weights once more."""
    steps = [
        replace(step, value=replace(step.value, op=None))
        if isinstance(step.value, KernelCall)
        else step
        for step in graph.steps
    ]
    return Graph(graph.params, steps, graph.outputs)


def prune(graph: Graph) -> Graph:
    """Without the steps whose result is not used."""
    needed = {var for output in graph.outputs for var in variables(output)}
    kept: list[Step] = []
    for step in reversed(graph.steps):
        if step.var in needed:
            needed.update(variables(step.value))
            kept.append(step)
    return Graph(graph.params, kept[::-1], graph.outputs)
