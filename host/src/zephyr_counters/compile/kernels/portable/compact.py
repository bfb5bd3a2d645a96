# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Floats by weights that stay small in flash, and are converted as they are read."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import partial

import numpy as np

from zephyr_counters.compile.kernels.c_files import c_files
from zephyr_counters.compile.kernels.c_kernel import CALL_BYTES, code_of
from zephyr_counters.compile.kernels.words import is_nhwc, words
from zephyr_counters.extensions.kernel import Candidate, Lowering
from zephyr_counters.extensions.operator import CompactConvolution
from zephyr_counters.extensions.tensor_ir import c_call

_PER_PRODUCT = 5
_KINDS = {"int8": "int8", "float16": "half"}


def candidates(op: CompactConvolution) -> Iterable[Candidate]:
    """Return the kernel, for images with channels last."""
    kind = _KINDS.get(str(op.weight.dtype))
    if kind is None or not (is_nhwc(op.x) and is_nhwc(op.y)):
        return
    estimate = _PER_PRODUCT * op.y.size * op.weight[0].size
    files = c_files("compact", "zc_compact.h", "zc_compact_template.h", f"zc_compact_{kind}.c")
    code = {f"zc_compact {op.x.shape} {op.y.shape}": CALL_BYTES, **code_of(files)}
    lower = partial(_lower, op, kind)
    yield Candidate(kind, lower, estimate, {}, op.weight.nbytes + 8 * op.y.channels, code)


def _lower(op: CompactConvolution, kind: str) -> Lowering:
    x, y = op.x, op.y
    _, height, width, _ = op.weight.shape
    is_product = op.x.size == x.channels and (height, width, op.groups) == (1, 1, 1)
    bounds = math.isfinite(op.low), math.isfinite(op.high)
    sizes = words(
        (x.batch, x.height, x.width, x.channels, y.height, y.width, y.channels, height, width,
         *op.stride, *op.dilation, op.pad_top, op.pad_left, op.groups, *bounds, is_product)
    )  # fmt: skip
    limits = np.array([op.low, op.high], np.float32)
    limits[~np.isfinite(limits)] = 0
    floats = np.concatenate([limits, op.bias, op.scale]).astype(np.float32)
    flat = np.ascontiguousarray(op.weight).reshape(-1)
    stored = flat.view(np.uint16) if kind == "half" else flat
    name = f"zc_compact_{kind}"
    files = c_files("compact", "zc_compact.h", "zc_compact_template.h", f"{name}.c")
    return c_call(
        f"conv_{kind}",
        op,
        name,
        constants=[sizes, floats, stored],
        files=files,
        # The weights of two channels as floats.
        scratch=8 if is_product else 8 * op.weight[0].size,
    )
