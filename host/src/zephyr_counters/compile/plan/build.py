# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""From a lowered model to the plan's tables."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import tvm
import tvm_ffi
from tvm import relax, te, tirx

from zephyr_counters.compile.frontends.frontend import StateTensor
from zephyr_counters.compile.graph import Origin
from zephyr_counters.compile.lower import SCALAR_TYPES, Lowered, LoweredStep
from zephyr_counters.compile.names import Unique, kernel_name, layer_name, operators, sources
from zephyr_counters.compile.plan import slices
from zephyr_counters.compile.plan.memory import ALIGNMENT
from zephyr_counters.compile.plan.plan import Buffer, Kernel, Plan, PlanLayer
from zephyr_counters.errors import CompileError

MAX_ARGUMENTS = 255
MAX_TENSORS = 65535
"""Tensors have indices of 16 bits, and a layer may have one for scratch memory."""
_RESHAPES = frozenset({"reshape", "flatten", "squeeze", "expand_dims"})
_SLICES = frozenset({"strided_slice", "split"})


class _Builder:
    def __init__(self, lowered: Lowered, sliced: bool, joined: bool) -> None:
        self.plan = Plan()
        self.of_var: dict[relax.Var, int] = {}
        self.of_constant: dict[tuple[object, ...], int] = {}
        self.of_kernel: dict[tuple[object, ...], list[int]] = {}
        self.kernel_names = Unique()
        self.layer_names = Unique()
        self.outputs = {var for var in lowered.outputs if isinstance(var, relax.Var)}
        self.sliced, self.joined = sliced, joined

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
        """Make a reshape or a slice a second name for memory, unless that is an input's."""
        if len(step.args) != 1 or len(step.results) != 1:
            return False
        source, result = step.args[0], step.results[0]
        if not isinstance(source, relax.Var) or str(source.ty.dtype) != str(result.ty.dtype):
            return False
        index = self.of_var[source]
        if self.plan.root(index) in (*self.plan.inputs, *self.plan.states):
            return False
        start = self.start(step, self.plan.buffers[index])
        if start is None:
            return False
        made = self.tensor(result, self.plan.buffers[index].name)
        self.plan.buffers[made].storage = index
        self.plan.buffers[made].start = start
        return True

    def start(self, step: LoweredStep, source: Buffer) -> int | None:
        """Return the byte of a layer's input at which its output is; None if it is elsewhere."""
        ops = set(operators(step.origins)) - {"quantize"}
        if ops and ops <= _RESHAPES:
            return 0
        # A result of the model outlives the run: it would keep the whole source.
        if not self.sliced or not ops & _SLICES or ops - _SLICES - _RESHAPES:
            return None
        if step.results[0] in self.outputs:
            return None
        element = slices.start(step.func)
        if element is None:
            return None
        start = element * np.dtype(source.dtype).itemsize
        # Kernels may load words: they get tensors that are aligned as their own memory is.
        return start if start % ALIGNMENT == 0 else None

    def join(self, step: LoweredStep) -> bool:
        """Let layers write the inputs of a concat to where they are in its result."""
        parts = [self.of_var.get(arg) for arg in step.args if isinstance(arg, relax.Var)]
        roots = [self.plan.root(part) for part in parts if part is not None]
        if not self.joined or len(step.results) != 1 or len(roots) != len(step.args):
            return False
        if "concat" not in operators(step.origins) or not self.are_movable(parts, roots):
            return False
        result = step.results[0]
        starts = slices.pieces(step.func)
        if starts is None:
            return False
        nbytes = [start * np.dtype(str(result.ty.dtype)).itemsize for start in starts]
        if any(start % ALIGNMENT for start in nbytes):
            return False
        name = self.layer_names(layer_name(step.origins))
        for index, buffer in enumerate(self.plan.buffers):
            if self.plan.root(index) in roots:
                buffer.name = name
        made = self.tensor(result, name)
        for root, start in zip(roots, nbytes, strict=True):
            self.plan.buffers[root].storage, self.plan.buffers[root].start = made, start
        return True

    def are_movable(self, parts: Sequence[int | None], roots: Sequence[int]) -> bool:
        """Tell whether tensors can be parts of another one's memory.

        Each must be all that is in its memory, a layer must write it, which reads no other part:
        they have one name. A result of the model would keep all parts.
        """
        plan = self.plan
        written = {
            index: layer for layer in plan.layers for index in layer.outputs if index in roots
        }
        kept = {plan.root(self.of_var[var]) for var in self.outputs if var in self.of_var}
        whole = all(
            part is not None and plan.buffers[part].nbytes == plan.buffers[root].nbytes
            for part, root in zip(parts, roots, strict=True)
        )
        return (
            whole
            and len(set(roots)) == len(written) == len(roots)
            and not kept.intersection(roots)
            and not any(plan.root(i) in roots for layer in written.values() for i in layer.inputs)
            and not any(plan.root(root) in plan.states for root in roots)
        )

    def written(self, expr: object) -> int | None:
        """Return the buffer of an expression, if layers write it."""
        index = self.of_var.get(expr) if isinstance(expr, relax.Var) else None
        layers = {self.plan.root(i) for layer in self.plan.layers for i in layer.outputs}
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
        if self.view(step) or self.join(step):
            return
        name = self.layer_names(layer_name(step.origins))
        inputs = tuple(self.argument(arg, name) for arg in step.args)
        names = (
            [name] if len(step.results) == 1 else [f"{name}:{i}" for i in range(len(step.results))]
        )
        outputs = tuple(self.tensor(v, n) for v, n in zip(step.results, names, strict=True))
        candidates = [origin.candidate for origin in step.origins if origin.candidate]
        accelerators = [origin.accelerator for origin in step.origins if origin.accelerator]
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
    sliced: bool = True,
    joined: bool = True,
) -> Plan:
    """Return the layers and tensors of a lowered model; `placement.place` gives them memory.

    Args:
        lowered: its last parameters are the states, and its last results their next values.
        input_names: of the parameters before the states.
        output_names: of the results before those of the states.
        states: what is kept from one run to the next.
        sliced: whether slices are views where they can be, rather than copies.
        joined: whether what a concat joins is written to its place where it can be, rather than
            copied there.

    Raises:
        CompileError: the model exceeds a limit of the tables.
    """
    builder = _Builder(lowered, sliced, joined)
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
    _check_limits(plan)
    return plan


def _check_limits(plan: Plan) -> None:
    """Check what zc_model's tables can hold."""
    for layer in plan.layers:
        if len(layer.inputs) + len(layer.outputs) > MAX_ARGUMENTS:
            raise CompileError(f"layer '{layer.name}' has more than {MAX_ARGUMENTS} tensors")
    if max(len(plan.inputs), len(plan.outputs)) > MAX_ARGUMENTS:
        raise CompileError(f"more than {MAX_ARGUMENTS} inputs or outputs")
    if len(plan.layers) + len(plan.buffers) > MAX_TENSORS:
        raise CompileError(f"more than {MAX_TENSORS} layers and tensors")
