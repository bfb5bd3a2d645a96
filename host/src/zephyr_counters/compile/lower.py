# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A graph to tensor programs: legalize, fold constants, fuse; and which steps went where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import tvm
from tvm import relax, tirx

from zephyr_counters.compile import graph as g
from zephyr_counters.compile.messages import brief, listed
from zephyr_counters.errors import CompileError

SCALAR_TYPES = frozenset(f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)) | {
    "float32",
    "float64",
    "bool",
}


@dataclass(frozen=True)
class LoweredStep:
    """One call of a fused function: arguments are variables and constants, results variables."""

    func: tirx.PrimFunc
    func_name: str
    args: tuple[g.Expr, ...]
    results: tuple[relax.Var, ...]
    origins: tuple[g.Origin, ...]
    tensor: str | None = None
    """The source model's tensor that the result equals, if there is one."""


@dataclass(frozen=True)
class Lowered:
    """A model as a linear sequence of calls."""

    params: tuple[relax.Var, ...]
    steps: tuple[LoweredStep, ...]
    outputs: tuple[g.Expr, ...]


def check_static(graph: g.Graph) -> None:
    """Refuse what has no fixed shape or no type that C kernels can hold.

    Raises:
        CompileError: names the input, or the operator and the layer.
    """
    for param in graph.params:
        _check_type(param.ty, f"input '{param.name}'")
    for step in graph.steps:
        types = step.type.fields if isinstance(step.type, relax.TupleType) else [step.type]
        for item in types:
            _check_type(item, _where(step))


def _check_type(type_: Any, where: str) -> None:
    if isinstance(type_, relax.ShapeType | tvm.ir.PrimType):
        return
    if not isinstance(type_, relax.TensorType) or type_.shape is None:
        raise CompileError(f"{where}: the shape is dynamic", "give input shapes, or export without")
    for extent in type_.shape:
        if not isinstance(extent, tirx.IntImm):
            raise CompileError(
                f"{where}: the shape is dynamic ({type_.shape})", "give input shapes to compile"
            )
        if int(extent) <= 0:
            raise CompileError(f"{where}: the shape is empty ({type_.shape})")
    if str(type_.dtype) not in SCALAR_TYPES:
        raise CompileError(f"{where}: type {type_.dtype} is not supported")


def lower(graph: g.Graph, tensors: Mapping[relax.Var, str] | None = None) -> Lowered:
    """Run TVM's passes.

    Args:
        graph: the model.
        tensors: the source model's tensor that a variable of the graph equals.

    Raises:
        CompileError: an operator has no lowering.
    """
    mod, origins = g.build(graph)
    with tvm.target.Target("c"):
        try:
            before = _run(mod, relax.transform.LegalizeOps())
        except CompileError as error:
            where = _culprit(graph)
            raise error if where is None else CompileError(f"{where}: {error.what}") from error
        _check_lowered(before, origins)
        before = _run(
            before,
            relax.transform.AnnotateTIROpPattern(),
            relax.transform.FoldConstant(),
            relax.transform.DeadCodeElimination(),
        )
        fused = _run(before, relax.transform.FuseOps())
        after = _run(fused, relax.transform.FuseTIR(), relax.transform.DeadCodeElimination())
    known = tensors or {}
    names = {f"z{i}": known[step.var] for i, step in enumerate(graph.steps) if step.var in known}
    groups = _groups(before, fused, origins, names)
    return _sequence(after, groups)


def _culprit(graph: g.Graph) -> str | None:
    """Return the first operator, and its layer, that has no lowering on its own; None if all do."""
    for step in graph.steps:
        if isinstance(step.value, g.KernelCall):
            continue
        params = list(dict.fromkeys(g.variables(step.value)))
        alone, _ = g.build(g.Graph(params, [step], [step.var]))
        try:
            _run(alone, relax.transform.LegalizeOps())
        except CompileError:
            return _where(step)
    return None


def _where(step: g.Step) -> str:
    layer = "" if step.origin.label is None else f", layer '{step.origin.label}'"
    return f"operator {'+'.join(step.origin.ops)}{layer}"


def _run(mod: tvm.IRModule, *passes: Any) -> tvm.IRModule:
    try:
        return tvm.transform.Sequential(list(passes))(mod)
    except Exception as error:
        raise CompileError(f"TVM cannot lower the model: {brief(error)}") from error


def _bindings(mod: tvm.IRModule) -> list[Any]:
    return [binding for block in mod["main"].body.blocks for binding in block.bindings]


def _check_lowered(mod: tvm.IRModule, origins: dict[str, g.Origin]) -> None:
    problems = []
    for binding in _bindings(mod):
        name = g.op_name(binding.value)
        if not isinstance(binding.value, tvm.ir.Call) or name == "call_tir":
            continue
        label = origins.get(binding.var.name, g.Origin(())).label
        layer = "" if label is None else f", layer '{label}'"
        problems.append(f"operator {name or binding.value.op}{layer}: cannot be lowered to C")
    if problems:
        raise CompileError(listed(problems))


class _Waiting:
    """The calls before fusion that were not found again yet, in order."""

    def __init__(self, before: tvm.IRModule) -> None:
        self._by_callee: dict[str, dict[relax.Var, None]] = {}
        self._by_call: dict[tuple[Any, ...], dict[relax.Var, None]] = {}
        self._keys: dict[relax.Var, tuple[Any, ...]] = {}
        for binding in _bindings(before):
            if g.op_name(binding.value) == "call_tir":
                callee = binding.value.args[0].name_hint
                key = (callee, *g.variables(binding.value.args[1]))
                self._keys[binding.var] = key
                self._by_callee.setdefault(callee, {})[binding.var] = None
                self._by_call.setdefault(key, {})[binding.var] = None

    def take(self, call: tvm.ir.Call, local: dict[Any, Any]) -> relax.Var | None:
        """Return the variable of a call's original; `local` maps its arguments to originals."""
        callee = call.args[0].name_hint
        read = (var for arg in call.args[1].fields for var in g.variables(arg))
        wanted = tuple(local[var] for var in read if local.get(var) is not None)
        found = self._by_call.get((callee, *wanted)) or self._by_callee.get(callee)
        if not found:
            return None
        var = next(iter(found))
        del self._by_callee[callee][var], self._by_call[self._keys[var]][var]
        return var


def _groups(
    before: tvm.IRModule,
    fused: tvm.IRModule,
    origins: dict[str, g.Origin],
    names: Mapping[str, str],
) -> list[tuple[tuple[g.Origin, ...], str | None]]:
    """For every call in the fused main, the origins of the calls it was fused from, and its tensor.

    Fusion keeps the order of calls and shares equal functions, so the original calls are found
    again by callee and variable arguments; constants are not compared.
    """
    waiting = _Waiting(before)
    items = {
        (b.value.tuple_value, b.value.index): b.var
        for b in _bindings(before)
        if isinstance(b.value, relax.TupleGetItem)
    }
    original: dict[relax.Var, relax.Var] = dict(
        zip(fused["main"].params, before["main"].params, strict=True)
    )

    def through(value: Any, known: dict[Any, Any]) -> Any:
        """Return the original variable that an alias or an item of a tuple stands for, if any."""
        if isinstance(value, relax.TupleGetItem):
            return items.get((known.get(value.tuple_value), value.index))
        return known.get(value) if isinstance(value, relax.Var) else None

    def origin(var: Any, callee: tvm.ir.GlobalVar) -> g.Origin:
        known = None if var is None else origins.get(var.name)
        return known or g.Origin((callee.name_hint,))

    def tensor(var: Any) -> str | None:
        return None if var is None else names.get(var.name)

    groups: list[tuple[tuple[g.Origin, ...], str | None]] = []
    for binding in _bindings(fused):
        value = binding.value
        if g.op_name(value) == "call_tir":
            found = waiting.take(value, original)
            original[binding.var] = found
            groups.append(((origin(found, value.args[0]),), tensor(found)))
        elif isinstance(value, tvm.ir.Call):
            function = fused[value.op]
            local = {
                param: original.get(arg) if isinstance(arg, relax.Var) else None
                for param, arg in zip(function.params, value.args, strict=True)
            }
            members: list[g.Origin] = []
            for inner in [b for block in function.body.blocks for b in block.bindings]:
                call = inner.value
                if g.op_name(call) == "call_tir":
                    found = waiting.take(call, local)
                    local[inner.var] = found
                    members.append(origin(found, call.args[0]))
                else:
                    local[inner.var] = through(call, local)
            original[binding.var] = local.get(function.body.body)
            groups.append((tuple(members), tensor(original[binding.var])))
        else:
            original[binding.var] = through(value, original)
    return groups


def _sequence(mod: tvm.IRModule, groups: list[tuple[tuple[g.Origin, ...], str | None]]) -> Lowered:
    main = mod["main"]
    alias: dict[relax.Var, g.Expr] = {}
    tuples: dict[relax.Var, tuple[relax.Var, ...]] = {}
    steps: list[LoweredStep] = []
    pending = iter(groups)

    def resolve(expr: g.Expr) -> list[g.Expr]:
        if isinstance(expr, relax.Tuple):
            return [leaf for item in expr.fields for leaf in resolve(item)]
        if isinstance(expr, relax.TupleGetItem):
            return [resolve(expr.tuple_value)[expr.index]]
        if isinstance(expr, relax.Var) and expr in tuples:
            return list(tuples[expr])
        if isinstance(expr, relax.Var) and expr in alias:
            return resolve(alias[expr])
        return [expr]

    for binding in _bindings(mod):
        value = binding.value
        if g.op_name(value) != "call_tir":
            if isinstance(value, tvm.ir.Call):
                raise CompileError(f"operator {g.op_name(value) or value.op} is not a kernel")
            alias[binding.var] = value
            continue
        if isinstance(binding.var.ty, relax.TupleType):
            fields = binding.var.ty.fields
            results = tuple(relax.Var(f"{binding.var.name}_{i}", t) for i, t in enumerate(fields))
            tuples[binding.var] = results
        else:
            results = (binding.var,)
        args = tuple(leaf for arg in value.args[1].fields for leaf in resolve(arg))
        callee = value.args[0]
        origins, tensor = next(pending)
        steps.append(LoweredStep(mod[callee], callee.name_hint, args, results, origins, tensor))
    return Lowered(tuple(main.params), tuple(steps), tuple(resolve(main.body.body)))
