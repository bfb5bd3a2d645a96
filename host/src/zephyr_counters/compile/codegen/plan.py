# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The generated plan.c: memory, tensors, kernels and layers."""

from __future__ import annotations

from collections.abc import Iterable

from zephyr_counters.compile.codegen.kernels import SYMBOL_PREFIX
from zephyr_counters.compile.codegen.names import head
from zephyr_counters.compile.plan.plan import Plan
from zephyr_counters.formats.model_metadata import MODEL_ABI

_CODES = {"int": "DL_INT", "uint": "DL_UINT", "float": "DL_FLOAT", "bool": "DL_BOOL"}


def _dl_type(dtype: str) -> str:
    kind = dtype.rstrip("0123456789")
    bits = dtype[len(kind) :] or "8"
    return f"{{ {_CODES[kind]}, {bits}, 1 }}"


class _Tables:
    """Shapes and signature tensors, each once."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._shapes: dict[tuple[int, ...], str] = {}
        self._types: dict[tuple[tuple[int, ...], str], str] = {}

    def shape(self, shape: tuple[int, ...]) -> str:
        if shape not in self._shapes:
            name = f"shape{len(self._shapes)}"
            values = ", ".join(str(extent) for extent in shape) or "0"
            self.lines.append(f"static const int64_t {name}[] = {{ {values} }};")
            self._shapes[shape] = name
        return self._shapes[shape]

    def tensor(self, name: str, shape: tuple[int, ...], dtype: str, data: str) -> None:
        self.lines.append(
            f"static const DLTensor {name} = {{ .data = {data}, .device = {{ DL_DEVICE_CPU, 0 }},\n"
            f"\t.ndim = {len(shape)}, .dtype = {_dl_type(dtype)}, "
            f".shape = (int64_t *){self.shape(shape)} }};"
        )

    def type(self, shape: tuple[int, ...], dtype: str) -> str:
        if (shape, dtype) not in self._types:
            name = f"type{len(self._types)}"
            self.tensor(name, shape, dtype, "NULL")
            self._types[shape, dtype] = name
        return self._types[shape, dtype]

    def arguments(self, name: str, tensors: Iterable[str]) -> None:
        values = "".join(
            f"\t{{ .type_index = TVM_FFI_DLTENSOR_PTR, .v_ptr = (void *)&{tensor} }},\n"
            for tensor in tensors
        )
        self.lines.append(f"static const TVMFFIAny {name}[] = {{\n{values}}};")


def plan_source(plan: Plan, name: str, workspace: int, offset: int) -> str:
    """Return the source of `zc_model`: memory, tensors, kernels, layers."""
    tables = _Tables()
    used = sorted(
        {i for layer in plan.layers for i in (*layer.inputs, *layer.outputs)}
        | set(plan.inputs)
        | set(plan.outputs)
    )
    for index in used:
        buffer = plan.buffers[index]
        kept = index in plan.states or buffer.storage in plan.states
        memory = "zc_model_state" if kept else "zc_model_memory"
        place = f"{memory} + {buffer.offset}" if buffer.data is None else f"&zc_{buffer.name}"
        tables.tensor(f"tensor{index}", buffer.shape, buffer.dtype, f"(void *)({place})")
    for index, kernel in enumerate(plan.kernels):
        types = [tables.type(shape, dtype) for shape, dtype in kernel.signature]
        tables.arguments(f"signature{index}", types)
    for index, layer in enumerate(plan.layers):
        tables.arguments(f"args{index}", [f"tensor{i}" for i in layer.inputs + layer.outputs])
    kernels = "".join(
        f'\t{{ "{kernel.name}", {SYMBOL_PREFIX}{kernel.name}, '
        f"signature{i}, {len(kernel.signature)} }},\n"
        for i, kernel in enumerate(plan.kernels)
    )
    layers = "".join(
        f"\t{{ {layer.kernel}, args{i} }}, /* {_comment(layer.name)} */\n"
        for i, layer in enumerate(plan.layers)
    )
    prototypes = "".join(
        f"int32_t {SYMBOL_PREFIX}{kernel.name}"
        "(void *self, void *args, int32_t num_args, void *result);\n"
        for kernel in plan.kernels
    )
    inputs = ", ".join(f"&tensor{i}" for i in plan.inputs)
    outputs = ", ".join(f"&tensor{i}" for i in plan.outputs)
    body = "\n".join(tables.lines)
    ram = max(plan.activations, offset + workspace if workspace else 0)
    return f"""{head("plan.c")}#include <zephyr_counters/model.h>

#include "hash.h"
#include "weights.h"

#if ZC_MODEL_ABI != {MODEL_ABI}
#error "this model was compiled for another version of zephyr-counters: compile it again"
#endif

{prototypes}
static uint8_t zc_model_memory[{max(16, ram)}] __attribute__((aligned(16)));
{_state(plan)}
{body}

static const struct zc_kernel kernels[] = {{
{kernels}}};

static const struct zc_layer layers[] = {{
{layers}}};

static const DLTensor *const inputs[] = {{ {inputs} }};
static const DLTensor *const outputs[] = {{ {outputs} }};

const struct zc_model zc_model = {{
	.abi = ZC_MODEL_ABI,
	.name = "{name}",
	.hash = ZC_MODEL_HASH,
	.kernels = kernels,
	.num_kernels = {len(plan.kernels)},
	.layers = layers,
	.num_layers = {len(plan.layers)},
	.inputs = inputs,
	.num_inputs = {len(plan.inputs)},
	.outputs = outputs,
	.num_outputs = {len(plan.outputs)},
	.workspace = zc_model_memory + {offset},
	.workspace_size = {workspace},
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
