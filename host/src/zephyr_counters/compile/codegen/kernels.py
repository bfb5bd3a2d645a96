# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Tensor programs to C: builds kernels.c and measures the scratch memory its code asks for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import tvm
from tvm import tirx

from zephyr_counters.compile.codegen.intrinsics import HELPERS, with_calls
from zephyr_counters.compile.codegen.literals import exact
from zephyr_counters.compile.codegen.schedule import schedule
from zephyr_counters.compile.messages import brief
from zephyr_counters.compile.plan import in_place
from zephyr_counters.compile.plan.memory import aligned
from zephyr_counters.errors import CompileError

SYMBOL_PREFIX = "__tvm_ffi_"
_INCLUDE = re.compile(r'^\s*#include "tvm/')
_CONTEXT_NAME = "__tvm_ffi__library_ctx"
_CONTEXT = f"void* {_CONTEXT_NAME} = "
_ENTRY = "// CodegenC: NOTE: Auto-generated entry function"
_PROTOTYPE = "TVM_DLL int32_t {}(void* self_handle, void* args, int32_t num_args, void* result);\n"
_LINKAGE = '#ifdef __cplusplus\nextern "C"\n#endif\n'
_RUNTIME = re.compile(r"\b(TVM(?!BackendAllocWorkspace|BackendFreeWorkspace)\w+)\(")
_FUNCTION = re.compile(r"^TVM_DLL int32_t " + SYMBOL_PREFIX + r"(\w+)\(.*\) \{$", re.M)
_ALLOC = re.compile(r"(\w+) = .*TVMBackendAllocWorkspace\(1, \w+, \(uint64_t\)(\d+)(?:ULL)?,")
_FREE = re.compile(r"TVMBackendFreeWorkspace\(1, \w+, (\w+)\)")
_CALLED = re.compile(r"\b(\w+)\(")
_ARRAY = re.compile(r"^\s+(?:const )?(\w+) \w+\[(\d+)\];")
_SIZES = {
    "int8_t": 1, "uint8_t": 1, "bool": 1, "char": 1, "int16_t": 2, "uint16_t": 2,
    "int32_t": 4, "uint32_t": 4, "float": 4, "int64_t": 8, "uint64_t": 8, "double": 8,
    "TVMFFIAny": 16,
}  # fmt: skip


class KernelError(CompileError):
    """One kernel cannot be built: `kernel` is its name."""

    def __init__(self, what: str, kernel: str) -> None:
        super().__init__(what)
        self.kernel = kernel


@dataclass(frozen=True)
class Kernels:
    """The C source of all kernels, and their scratch memory."""

    source: str
    workspaces: Mapping[str, int]
    """Bytes by kernel name."""
    stack: int
    """The most that any one kernel has on the C stack, in bytes."""
    functions: Mapping[str, str]
    """The C function by kernel name: kernels whose code is the same share one."""
    overwritable: Mapping[str, in_place.Overwritable]
    """By kernel name, arguments in whose memory the last argument may be."""


def build(funcs: Mapping[str, tirx.PrimFunc], headers: Mapping[str, str] | None = None) -> Kernels:
    """Compile with TVM's C target.

    Args:
        funcs: by kernel name; the C symbol is the name after `SYMBOL_PREFIX`.
        headers: texts by file name, to include at the top: they define functions that are called.

    Raises:
        CompileError: TVM cannot express a kernel in C.
    """
    target = tvm.target.Target("c", host="c")
    scheduled = {name: with_calls(schedule(func)) for name, func in sorted(funcs.items())}
    mod = tvm.IRModule(
        {
            tvm.ir.GlobalVar(name): func.with_attrs({"global_symbol": name, "target": target})
            for name, func in scheduled.items()
        }
    )
    try:
        with tvm.transform.PassContext(config={"tirx.disable_assert": True}):
            library = tirx.build(mod, target=target, pipeline="s_tir")
    except Exception as error:
        raise CompileError(f"TVM's C code generator failed: {brief(error)}") from error
    source = _clean(library.inspect_source(), headers or {})
    head, bodies = _split(source)
    for name, body in bodies:
        if foreign := _RUNTIME.search(body):
            raise KernelError(f"needs TVM's own runtime ({foreign[1]}), which boards lack", name)
    bodies = [(name, exact(body, scheduled[name])) for name, body in bodies]
    workspaces, stack = measure(head + "".join(body for _, body in bodies))
    functions, kept = _distinct(bodies)
    for name in functions.keys() - kept.keys():
        head = head.replace(_PROTOTYPE.format(SYMBOL_PREFIX + name), "")
    overwritable = {name: in_place.overwritable(func) for name, func in scheduled.items()}
    source = head + "".join(kept.values())
    return Kernels(source, workspaces, stack, functions, overwritable)


def _distinct(bodies: list[tuple[str, str]]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the C function of each kernel, and the bodies of the kernels whose function is kept.

    A call of a C function that gets sizes as data has the same code for all shapes.
    """
    functions: dict[str, str] = {}
    kept: dict[str, str] = {}
    same: dict[str, str] = {}
    for name, body in bodies:
        line, _, rest = body.partition("\n")
        anonymous = re.sub(rf"\b{name}(_\w+_(?:shape|strides)\b(?!\())", r"\1", rest)
        first = same.setdefault(line.replace(SYMBOL_PREFIX + name, "") + anonymous, name)
        functions[name] = SYMBOL_PREFIX + first
        if first == name:
            kept[name] = body
    return functions, kept


def _clean(source: str, headers: Mapping[str, str]) -> str:
    """TVM's source with other headers instead of TVM's, and each declaration once.

    TVM declares what is called as it is called, which is not how a header defines it.
    """
    texts = (*headers.values(), *HELPERS.values())
    defined = {name for text in texts for name in _CALLED.findall(text)}
    source = source.partition(_ENTRY)[0].replace(_LINKAGE, "")
    lines: list[str] = []
    declared: set[str] = set()
    for line in source.splitlines():
        if _INCLUDE.match(line) or line in ("#define TVM_EXPORTS",) or line.startswith("// tvm"):
            continue
        if line.startswith(_CONTEXT) and source.count(_CONTEXT_NAME) == 1:
            continue
        if line.startswith("TVM_DLL ") and line.endswith(";"):
            if line in declared or _CALLED.findall(line)[0] in defined:
                continue
            declared.add(line)
        lines.append(line.rstrip())
    includes = "".join(f'#include "{name}"\n' for name in sorted(headers))
    helpers = "".join(text for name, text in HELPERS.items() if f"{name}(" in source)
    first = f"#include <zephyr_counters/ffi_abi.h>\n{includes}{helpers}"
    return first + "\n".join(lines) + "\n"


def _split(source: str) -> tuple[str, list[tuple[str, str]]]:
    """Return what comes before the first kernel, and each kernel's name and source."""
    matches = list(_FUNCTION.finditer(source))
    ends = [match.start() for match in matches[1:]] + [len(source)]
    bodies = [(m[1], source[m.start() : end]) for m, end in zip(matches, ends, strict=True)]
    return source[: matches[0].start()] if matches else source, bodies


def measure(source: str) -> tuple[dict[str, int], int]:
    """Return bytes of workspace by kernel (buffers rounded to 16), and the most on the C stack."""
    workspaces: dict[str, int] = {}
    stack = 0
    for name, body in _split(source)[1]:
        held: dict[str, int] = {}
        workspaces[name] = arrays = 0
        for line in body.splitlines():
            if alloc := _ALLOC.search(line):
                held[alloc[1]] = aligned(int(alloc[2]))
                workspaces[name] = max(workspaces[name], sum(held.values()))
            elif free := _FREE.search(line):
                held.pop(free[1], None)
            elif array := _ARRAY.match(line):
                arrays += _SIZES.get(array[1], 16) * int(array[2])
        stack = max(stack, arrays)
    return workspaces, stack
