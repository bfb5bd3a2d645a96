# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Convolutions to whose output another tensor is added, two pixels at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from zephyr_counters.compile.kernels import sums
from zephyr_counters.compile.kernels.c_files import c_files
from zephyr_counters.compile.kernels.dsp import convolution
from zephyr_counters.compile.kernels.words import packed
from zephyr_counters.extensions.kernel import Candidate
from zephyr_counters.extensions.operator import ConvolutionAddition
from zephyr_counters.extensions.tensors import Int32Array

_SCRATCH = 40
"""ZC_DSP_SUM_SCRATCH."""
_PER_OUTPUT, _PER_PAIR = 8.5, 45
_KINDS = ("conv", "pointwise")


def candidates(op: ConvolutionAddition) -> Iterator[Candidate]:
    """Return those that can do it exactly, with weights as bytes and widened."""
    head, channels = sums.head(op), op.convolution.y.channels
    if head is None or channels % 4 != 0:
        return
    pairs = -(-op.y.size // channels // 2)
    for way in convolution.ways(op.convolution, sums.ending(op.addition)):
        if way.kind not in _KINDS:
            continue
        (data,) = way.kernel.constants()
        constant = packed(head, data)
        function = f"zc_dsp_{way.kind}_sum{way.suffix}"
        own = ["zc_dsp_sum.h", "zc_dsp_sum.c", f"zc_dsp_{way.kind}_sum.c"]
        own += [f"{function}.c"] if way.suffix else []
        files = [file for file in way.kernel.files if not file.name.endswith(f"{way.kind}_wide.c")]
        kernel = replace(
            way.kernel,
            kernel=f"{way.kernel.kernel}_add",
            function=function,
            files=(*sums.FILES, *files, *c_files("dsp", *own)),
            constants=partial(_constants, constant),
            nbytes=4 * constant.size,
            scratch=_SCRATCH + 2 * channels + way.kernel.scratch,
            in_place=(1,),
            lead=0,
        )
        estimate = way.estimate + op.y.size * _PER_OUTPUT + pairs * _PER_PAIR
        name = f"{way.kind}-sum{way.suffix}"
        yield kernel.candidate(op, name, estimate, widens=bool(way.suffix))


def _constants(constant: Int32Array) -> tuple[Int32Array]:
    return (constant,)
