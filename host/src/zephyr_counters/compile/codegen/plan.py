# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The generated plan.c: memory, tensors, kernels and layers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from zephyr_counters.compile.codegen.names import head
from zephyr_counters.compile.plan.plan import Plan
from zephyr_counters.formats.model_metadata import MODEL_ABI

_CODES = {"int": "DL_INT", "uint": "DL_UINT", "float": "DL_FLOAT", "bool": "DL_BOOL"}
ARGUMENT_BYTES = 56
"""What zc_model.args and .arg_tensors take per argument, with pointers of 32 bits."""
WORKSPACE_BYTES = 12
"""The variables of lib/exec/workspace.c."""


class _Tables:
    """Tensors and their types, each once."""

    def __init__(self) -> None:
        self.types: dict[tuple[str, tuple[int, ...]], str] = {}
        self.tensors: dict[tuple[str, str], int] = {}

    def tensor(self, place: str, dtype: str, shape: tuple[int, ...]) -> int:
        """Return a tensor's index."""
        type_ = self.types.setdefault((dtype, shape), f"type{len(self.types)}")
        return self.tensors.setdefault((place, type_), len(self.tensors))

    def source(self) -> str:
        """Return both tables."""
        lines = []
        for (dtype, shape), name in self.types.items():
            kind = dtype.rstrip("0123456789")
            head = f"ZC_TYPE({_CODES[kind]}, {dtype[len(kind) :] or '8'}, {len(shape)})"
            words = ", ".join((head, *map(str, shape)))
            lines.append(f"static const uint32_t {name}[] = {{ {words} }};\n")
        rows = "".join(
            f"\t{{ (void *)({place}), {type_} }}, /* {index} */\n"
            for (place, type_), index in self.tensors.items()
        )
        return f"{''.join(lines)}\nstatic const struct zc_model_tensor tensors[] = {{\n{rows}}};\n"


def executor_bytes(plan: Plan) -> int:
    """Return the RAM that walking the plan takes on a 32-bit core, beside tensors."""
    return ARGUMENT_BYTES * _most_arguments(plan) + WORKSPACE_BYTES


def _most_arguments(plan: Plan) -> int:
    return max(len(kernel.signature) for kernel in plan.kernels)


def _place(plan: Plan, index: int) -> str:
    """Return the address of a buffer in C."""
    buffer = plan.buffers[index]
    if buffer.data is not None:
        return f"&zc_{buffer.name}"
    memory = "zc_model_state" if plan.root(index) in plan.states else "zc_model_memory"
    return f"{memory} + {buffer.offset}"


def plan_source(plan: Plan, name: str, functions: Mapping[str, str]) -> str:
    """Return the source of `zc_model`: memory, tensors, kernels, layers.

    Args:
        plan: with the places of all tensors.
        name: the model's name.
        functions: the C function by kernel name.
    """
    tables = _Tables()

    def indices(buffers: Iterable[int]) -> str:
        found = ((_place(plan, i), plan.buffers[i]) for i in buffers)
        return ", ".join(str(tables.tensor(place, x.dtype, x.shape)) for place, x in found)

    args = "".join(
        f"static const uint16_t args{i}[] = {{ {indices(layer.inputs + layer.outputs)} }};\n"
        for i, layer in enumerate(plan.layers)
    )
    scratch = {
        step: tables.tensor(f"zc_model_memory + {item.offset}", "uint8", (item.nbytes,))
        for step, item in plan.scratch.items()
    }
    layers = "".join(
        f"\t{{ {layer.kernel}, {scratch.get(i, 'ZC_NO_TENSOR')}, args{i} }}, "
        f"/* {_comment(layer.name)} */\n"
        for i, layer in enumerate(plan.layers)
    )
    first: dict[int, int] = {}
    for i, layer in enumerate(plan.layers):
        first.setdefault(layer.kernel, i)
    kernels = "".join(
        f'\t{{ "{kernel.name}", {functions[kernel.name]}, {first[i]}, {len(kernel.signature)} }},\n'
        for i, kernel in enumerate(plan.kernels)
    )
    prototypes = "".join(
        f"int32_t {function}(void *self, void *args, int32_t num_args, void *result);\n"
        for function in sorted(set(functions.values()))
    )
    inputs, outputs = indices(plan.inputs) or "0", indices(plan.outputs)
    most = _most_arguments(plan)
    return f"""{head("plan.c")}#include <zephyr_counters/model.h>

#include "hash.h"
#include "weights.h"

#if ZC_MODEL_ABI != {MODEL_ABI}
#error "this model was compiled for another version of zephyr-counters: compile it again"
#endif

{prototypes}
static uint8_t zc_model_memory[{max(16, plan.memory)}] __attribute__((aligned(16)));
static TVMFFIAny call_args[{most}];
static DLTensor call_tensors[{most}];
{_state(plan)}
{tables.source()}
{args}static const uint16_t inputs[] = {{ {inputs} }};
static const uint16_t outputs[] = {{ {outputs} }};

static const struct zc_kernel kernels[] = {{
{kernels}}};

static const struct zc_layer layers[] = {{
{layers}}};

const struct zc_model zc_model = {{
	.abi = ZC_MODEL_ABI,
	.name = "{name}",
	.hash = ZC_MODEL_HASH,
	.kernels = kernels,
	.num_kernels = {len(plan.kernels)},
	.layers = layers,
	.num_layers = {len(plan.layers)},
	.tensors = tensors,
	.inputs = inputs,
	.num_inputs = {len(plan.inputs)},
	.outputs = outputs,
	.num_outputs = {len(plan.outputs)},
	.args = call_args,
	.arg_tensors = call_tensors,
{_state_fields(plan)}}};
"""


def _first_state(plan: Plan) -> bytes:
    """Return the first values of all states; nothing if they are all zero."""
    data = bytearray(plan.state_bytes)
    for index in plan.states:
        buffer = plan.buffers[index]
        assert buffer.initial is not None
        data[buffer.offset : buffer.offset + buffer.nbytes] = buffer.initial.tobytes()
    return bytes(data) if any(data) else b""


def _state(plan: Plan) -> str:
    """Return what is kept from one run to the next, with its first values."""
    if not plan.states:
        return ""
    first = _first_state(plan)
    array = f"uint8_t zc_model_state[{plan.state_bytes}] __attribute__((aligned(16)))"
    if not first:
        return f"static {array};\n"
    values = f"{{\n\t{byte_list(first)}\n}};\n"
    return (
        f"static {array} = {values}"
        f"static const uint8_t zc_model_state_first[{plan.state_bytes}] = {values}"
    )


def _state_fields(plan: Plan) -> str:
    if not plan.states:
        return ""
    first = "zc_model_state_first" if _first_state(plan) else "NULL"
    return (
        f"\t.state = zc_model_state,\n\t.state_first = {first},\n"
        f"\t.state_size = {plan.state_bytes},\n"
    )


def byte_list(data: bytes) -> str:
    """Bytes as elements of an array in C."""
    rows = [data[i : i + 16] for i in range(0, len(data), 16)]
    return ",\n\t".join(", ".join(str(byte) for byte in row) for row in rows)


def _comment(text: str) -> str:
    """Safe inside a C comment."""
    return "".join(c if c.isprintable() and c.isascii() else "?" for c in text).replace("*/", "* /")
