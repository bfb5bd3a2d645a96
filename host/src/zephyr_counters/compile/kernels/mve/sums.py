# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Convolutions to whose output another tensor is added, two pixels at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from zephyr_counters.compile.kernels import sums
from zephyr_counters.compile.kernels.c_files import c_files
from zephyr_counters.compile.kernels.mve import convolution
from zephyr_counters.compile.kernels.mve.convolution import Way
from zephyr_counters.compile.kernels.words import packed, round_up
from zephyr_counters.extensions.kernel import Candidate
from zephyr_counters.extensions.operator import ConvolutionAddition
from zephyr_counters.extensions.tensors import Int32Array

_PER_OUTPUT, _PER_PAIR = 2.5, 55
_KINDS = ("conv", "pointwise")
_FILES = (*sums.FILES, *c_files("mve", "zc_mve_sum.h", "zc_mve_sum.c"))


def candidates(op: ConvolutionAddition) -> Iterator[Candidate]:
    """Return those that can do it exactly."""
    head, channels = sums.head(op), op.convolution.y.channels
    if head is None or channels % 4 != 0:
        return
    pairs = -(-op.y.size // channels // 2)
    for way in convolution.ways(op.convolution, sums.ending(op.addition)):
        if way.kind not in _KINDS:
            continue
        kernel = replace(
            way.kernel,
            kernel=f"{way.kernel.kernel}_add",
            function=f"zc_mve_{way.kind}_sum",
            files=(*way.kernel.files, *_FILES),
            constants=partial(_constants, head, way),
            nbytes=way.kernel.nbytes + 4 * head.size,
            scratch=round_up(2 * channels, 16) + way.kernel.scratch,
            in_place=(1,),
            lead=0,
        )
        estimate = way.estimate + op.y.size * _PER_OUTPUT + pairs * _PER_PAIR
        yield kernel.candidate(op, f"{way.kind}-sum", estimate)


def _constants(head: Int32Array, way: Way) -> tuple[Int32Array]:
    (data,) = way.kernel.constants()
    return (packed(head, data),)
