# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The plan: layers, kernels, tensors and where every tensor lives."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import tvm
import tvm_ffi
from tvm import relax, te, tirx

from zephyr_counters.compile.frontends.frontend import StateTensor
from zephyr_counters.compile.graph import Origin
from zephyr_counters.compile.lower import SCALAR_TYPES, Lowered, LoweredStep
from zephyr_counters.compile.names import Unique, kernel_name, layer_name, operators, sources
from zephyr_counters.compile.plan import memory
from zephyr_counters.errors import CompileError
from zephyr_counters.formats.model_metadata import LayerCandidate

MAX_ARGUMENTS = 255
MAX_LAYERS = 65535
MAX_MEMORY = 2**31 - 1
_VIEWS = frozenset({"reshape", "flatten", "squeeze", "expand_dims"})


@dataclass
class Buffer:
    """A tensor: in RAM at `offset`, or a constant in flash if it has `data`."""

    name: str
    shape: tuple[int, ...]
    dtype: str
    data: npt.NDArray[np.generic] | None = None
    offset: int = 0
    storage: int | None = None
    initial: npt.NDArray[np.generic] | None = None
    """The first value of a state, which lives in RAM of its own at `offset`."""
    """The buffer in whose memory this one is, under another shape."""

    @property
    def nbytes(self) -> int:
        """Size in bytes."""
        return math.prod(self.shape) * np.dtype(self.dtype).itemsize


@dataclass(frozen=True)
class Kernel:
    """A compiled function and the (shape, dtype) of each of its arguments."""

    name: str
    func: tirx.PrimFunc
    signature: tuple[tuple[tuple[int, ...], str], ...]


@dataclass(frozen=True)
class PlanLayer:
    """One call: indices into the plan's buffers."""

    name: str
    kernel: int
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    ops: tuple[str, ...]
    macs: int
    accelerator: str | None
    sources: tuple[str, ...]
    tensor: str | None = None
    """The source model's tensor that the output equals."""
    candidate: LayerCandidate | None = None


@dataclass
class Plan:
    """A whole model. `unplanned` is the RAM that buffers would take if none were shared."""

    buffers: list[Buffer] = field(default_factory=list)
    kernels: list[Kernel] = field(default_factory=list)
    layers: list[PlanLayer] = field(default_factory=list)
    inputs: list[int] = field(default_factory=list)
    outputs: list[int] = field(default_factory=list)
    states: list[int] = field(default_factory=list)
    activations: int = 0
    state_bytes: int = 0
    unplanned: int = 0

    def root(self, index: int) -> int:
        """Return the buffer in whose memory a buffer is; mostly itself."""
        storage = self.buffers[index].storage
        return index if storage is None else storage

    @property
    def constants(self) -> int:
        """Bytes of constants, each counted once."""
        return sum(buffer.nbytes for buffer in self.buffers if buffer.data is not None)


class _Builder:
    def __init__(self, lowered: Lowered) -> None:
        self.plan = Plan()
        self.of_var: dict[relax.Var, int] = {}
        self.of_constant: dict[tuple[object, ...], int] = {}
        self.of_kernel: dict[tuple[object, ...], list[int]] = {}
        self.kernel_names = Unique()
        self.layer_names = Unique()
        self.lowered = lowered

    def tensor(self, var: relax.Var, name: str) -> int:
        shape = tuple(int(extent) for extent in var.ty.shape)
        self.plan.buffers.append(Buffer(name, shape, str(var.ty.dtype)))
        self.of_var[var] = len(self.plan.buffers) - 1
        return self.of_var[var]

    def constant(self, expr: tvm.ir.Constant, where: str) -> int:
        # Without a copy, but for types that NumPy cannot share.
        try:
            data = np.ascontiguousarray(np.from_dlpack(expr.value))
        except (RuntimeError, TypeError, BufferError):
            data = np.ascontiguousarray(expr.value.numpy())
        if str(data.dtype) not in SCALAR_TYPES:
            raise CompileError(f"layer '{where}': constants of type {data.dtype} are not supported")
        key = (str(data.dtype), data.shape, hashlib.sha256(data.data).digest())
        if key not in self.of_constant:
            self.of_constant[key] = len(self.plan.buffers)
            name = f"constant{len(self.of_constant) - 1}"
            self.plan.buffers.append(Buffer(name, data.shape, str(data.dtype), data))
        return self.of_constant[key]

    def argument(self, expr: object, where: str) -> int:
        if isinstance(expr, relax.Var):
            return self.of_var[expr]
        if isinstance(expr, tvm.ir.Constant) and hasattr(expr, "value"):
            return self.constant(expr, where)
        raise CompileError(f"layer '{where}': takes a {type(expr).__name__}, not a tensor")

    def kernel(self, step: LoweredStep, args: Sequence[int]) -> int:
        signature = tuple((self.plan.buffers[i].shape, self.plan.buffers[i].dtype) for i in args)
        alike = self.of_kernel.setdefault((tvm_ffi.structural_hash(step.func), signature), [])
        for index in alike:
            if tvm_ffi.structural_equal(self.plan.kernels[index].func, step.func):
                return index
        name = self.kernel_names(kernel_name(step.func_name))
        self.plan.kernels.append(Kernel(name, step.func, signature))
        alike.append(len(self.plan.kernels) - 1)
        return alike[-1]

    def view(self, step: LoweredStep) -> bool:
        """Make a change of shape a second name for the same memory, unless that is an input's."""
        source, ops = step.args[0], set(operators(step.origins)) - {"quantize"}
        if not ops or not _VIEWS.issuperset(ops) or len(step.args) != 1 or len(step.results) != 1:
            return False
        if not isinstance(source, relax.Var) or str(source.ty.dtype) != str(
            step.results[0].ty.dtype
        ):
            return False
        index = self.plan.root(self.of_var[source])
        if index in self.plan.inputs or index in self.plan.states:
            return False
        made = self.tensor(step.results[0], self.plan.buffers[self.of_var[source]].name)
        self.plan.buffers[made].storage = index
        return True

    def written(self, expr: object) -> int | None:
        """Return the buffer of an expression, if a layer writes it."""
        index = self.of_var.get(expr) if isinstance(expr, relax.Var) else None
        layers = {i for layer in self.plan.layers for i in layer.outputs}
        return index if index is not None and self.plan.root(index) in layers else None

    def copy(self, expr: object, name: str) -> int:
        """Return a layer that copies a tensor; gives the buffer of the copy."""
        type_ = expr.ty  # type: ignore[attr-defined]
        result = relax.Var(name, type_)
        shape = tuple(int(extent) for extent in type_.shape)
        func = _copy_function(shape, str(type_.dtype))
        origin = Origin(("copy",), f"{name}/copy")
        self.layer(LoweredStep(func, "copy", (expr,), (result,), (origin,)))
        return self.of_var[result]

    def keep_states(self, values: Sequence[object]) -> None:
        """Copy the next values of all states to where they are kept, after all that reads them."""
        pairs = [
            (state, value)
            for state, value in zip(self.plan.states, values, strict=True)
            if not (isinstance(value, relax.Var) and self.of_var.get(value) == state)
        ]
        held = []
        for _, value in pairs:
            index = self.of_var.get(value) if isinstance(value, relax.Var) else None
            if index is not None and self.plan.root(index) in self.plan.states:
                name = f"{self.plan.buffers[index].name}/next"
                value = self.plan_var(self.copy(value, name))
            held.append(value)
        for (state, _), value in zip(pairs, held, strict=True):
            made = self.copy(value, f"{self.plan.buffers[state].name}/state")
            self.plan.buffers[made].storage = state

    def plan_var(self, index: int) -> relax.Var:
        """Return the variable of a buffer."""
        return next(var for var, number in self.of_var.items() if number == index)

    def layer(self, step: LoweredStep) -> None:
        if self.view(step):
            return
        name = self.layer_names(layer_name(step.origins))
        inputs = tuple(self.argument(arg, name) for arg in step.args)
        names = (
            [name] if len(step.results) == 1 else [f"{name}:{i}" for i in range(len(step.results))]
        )
        outputs = tuple(self.tensor(v, n) for v, n in zip(step.results, names, strict=True))
        accelerators = [origin.accelerator for origin in step.origins if origin.accelerator]
        candidates = [origin.candidate for origin in step.origins if origin.candidate]
        self.plan.layers.append(
            PlanLayer(
                name,
                self.kernel(step, inputs + outputs),
                inputs,
                outputs,
                tuple(operators(step.origins)),
                sum(origin.macs for origin in step.origins),
                accelerators[0] if accelerators else None,
                tuple(sources(step.origins)),
                step.tensor if len(outputs) == 1 else None,
                candidates[0] if candidates else None,
            )
        )


def _copy_function(shape: tuple[int, ...], dtype: str) -> tirx.PrimFunc:
    x = te.placeholder(shape, dtype, "x")
    return te.create_prim_func([x, te.compute(shape, lambda *i: x[i], name="copy")])


def make(
    lowered: Lowered,
    input_names: Sequence[str],
    output_names: Sequence[str],
    states: Sequence[StateTensor] = (),
) -> Plan:
    """Lay out a lowered model.

    Args:
        lowered: its last parameters are the states, and its last results their next values.
        input_names: of the parameters before the states.
        output_names: of the results before those of the states.
        states: what is kept from one run to the next.

    Raises:
        CompileError: the model exceeds a limit of the tables.
    """
    builder = _Builder(lowered)
    plan = builder.plan
    names = [*input_names, *(state.name for state in states)]
    params = [builder.tensor(v, n) for v, n in zip(lowered.params, names, strict=True)]
    plan.inputs, plan.states = params[: len(input_names)], params[len(input_names) :]
    for index, state in zip(plan.states, states, strict=True):
        plan.buffers[index].initial = state.initial
    for step in lowered.steps:
        builder.layer(step)
    count = len(output_names)
    for output, name in zip(lowered.outputs[:count], output_names, strict=True):
        found = builder.written(output)
        if found is None or found in plan.outputs:
            found = builder.copy(output, name)
        plan.outputs.append(found)
        plan.buffers[found].name = name
    builder.keep_states(lowered.outputs[count:])
    if not plan.layers:
        raise CompileError("the model computes nothing")
    _place(plan)
    _check_limits(plan)
    return plan


def _check_limits(plan: Plan) -> None:
    """Check what zc_model's tables can hold."""
    for layer in plan.layers:
        if len(layer.inputs) + len(layer.outputs) > MAX_ARGUMENTS:
            raise CompileError(f"layer '{layer.name}' has more than {MAX_ARGUMENTS} tensors")
    if max(len(plan.inputs), len(plan.outputs)) > MAX_ARGUMENTS or len(plan.layers) > MAX_LAYERS:
        raise CompileError(f"more than {MAX_ARGUMENTS} inputs or outputs, or {MAX_LAYERS} layers")
    if plan.activations > MAX_MEMORY:
        raise CompileError(f"activations need {plan.activations} bytes, at most {MAX_MEMORY}")


def lifetimes(plan: Plan) -> dict[int, memory.Lifetime]:
    """Return, by buffer, how long each tensor in RAM lives: inputs for ever, outputs to the end.

    States are not among them: they have memory of their own.
    """
    end = len(plan.layers)
    apart = set(plan.states)
    first = dict.fromkeys(plan.inputs, -1)
    last = {plan.root(index): end for index in (*plan.inputs, *plan.outputs)}
    for step, layer in enumerate(plan.layers):
        for index in layer.outputs:
            if plan.root(index) in apart:
                continue
            first[index] = step
            last.setdefault(index, step)
        for index in map(plan.root, layer.inputs):
            if plan.buffers[index].data is None and index not in apart:
                last[index] = max(last.get(index, step), step)
    return {i: memory.Lifetime(plan.buffers[i].nbytes, first[i], last[i]) for i in sorted(first)}


def _place(plan: Plan) -> None:
    """Give every tensor in RAM its offset."""
    spans = lifetimes(plan)
    offsets, plan.activations = memory.plan(list(spans.values()))
    for index, offset in zip(spans, offsets, strict=True):
        plan.buffers[index].offset = offset
    for index in plan.states:
        plan.buffers[index].offset = plan.state_bytes
        plan.state_bytes += memory.aligned(plan.buffers[index].nbytes)
    for buffer in plan.buffers:
        if buffer.storage is not None:
            buffer.offset = plan.buffers[buffer.storage].offset
    plan.unplanned = sum(memory.aligned(span.nbytes) for span in spans.values())
