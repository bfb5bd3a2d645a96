# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Float intrinsics as calls of <math.h>, for those that TVM's C target has no rule for.

Maximum and minimum let through what is not a number, as ONNX Runtime and LiteRT do.
"""

from __future__ import annotations

from typing import Any

import tvm
import tvm_ffi
from tvm import tirx

_FUNCTIONS = {
    "tirx.fabs": "fabs",
    "tirx.asinh": "asinh",
    "tirx.acosh": "acosh",
    "tirx.atanh": "atanh",
    "tirx.asin": "asin",
    "tirx.acos": "acos",
    "tirx.atan": "atan",
    "tirx.atan2": "atan2",
    "tirx.erf": "erf",
    "tirx.fmod": "fmod",
    "tirx.log1p": "log1p",
    "tirx.log2": "log2",
    "tirx.log10": "log10",
    "tirx.exp2": "exp2",
    "tirx.exp10": "exp10",
    "tirx.nearbyint": "nearbyint",
    "tirx.round": "nearbyint",
    "tirx.trunc": "trunc",
    "tirx.ceil": "ceil",
    "tirx.floor": "floor",
    "tirx.sinh": "sinh",
    "tirx.cosh": "cosh",
    "tirx.tan": "tan",
    "tirx.hypot": "hypot",
    "tirx.copysign": "copysign",
    "tirx.nextafter": "nextafter",
    "tirx.ldexp": "ldexp",
}
"""By TVM's name; float32 takes the function whose name ends in f. round is to even, as in TVM."""

HELPERS = {
    "zc_nearbyintf": """\
#if defined(__ARM_FP) && __ARM_FP == 4 && __ARM_ARCH == 7
/* FPv4-SP, of a Cortex-M4, has no instruction for it. From 2^23 on a float has no fraction. */
static inline float zc_nearbyintf(float x)
{
  float size = __builtin_fabsf(x);
  return size < 8388608.0f ? __builtin_copysignf((size + 8388608.0f) - 8388608.0f, x) : x;
}
#else
#define zc_nearbyintf nearbyintf
#endif
""",
}
"""C functions of the kernels' own, by name, instead of slow ones of the C library."""


def with_calls(func: tirx.PrimFunc) -> tirx.PrimFunc:
    """Return the same kernel with calls of C's functions."""

    def replaced(call: Any) -> Any:
        name = getattr(call.op, "name", "")
        function = _FUNCTIONS.get(name)
        dtype = str(call.ty.dtype) if hasattr(call.ty, "dtype") else str(call.ty)
        if function is None or dtype not in ("float32", "float64"):
            return call
        function += "f" if dtype == "float32" else ""
        function = f"zc_{function}" if f"zc_{function}" in HELPERS else function
        return tirx.call_pure_extern(dtype, function, *call.args)

    def ordered(node: Any) -> Any:
        """Maximum and minimum that give their first argument if that is not a number."""
        if not str(node.a.ty).startswith("float"):
            return node
        takes_b = node.a < node.b if isinstance(node, tirx.Max) else node.a > node.b
        return tirx.Select(takes_b, node.b, node.a)

    body = tvm_ffi.structural_map(
        func.body, [(tvm.ir.Call, replaced), ((tirx.Max, tirx.Min), ordered)]
    )
    return func if body.same_as(func.body) else func.with_body(body)
