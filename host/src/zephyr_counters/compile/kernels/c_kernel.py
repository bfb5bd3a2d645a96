# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Candidates that are one C function, and a library as a table of families."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy.typing as npt

from zephyr_counters.extensions.kernel import Candidate, CFile, Lowering
from zephyr_counters.extensions.operator import Operator
from zephyr_counters.extensions.tensor_ir import c_call

CALL_BYTES = 56
"""Of the function that TVM makes around the call; candidates with equal tensors share it."""
TEXT_BYTES = {
    "zc_average.c": 244,
    "zc_max_pool.c": 284,
    "zc_gather.c": 496,
    "zc_dsp_add.c": 172,
    "zc_dsp_average.c": 188,
    "zc_dsp_clamp.c": 132,
    "zc_dsp_conv.c": 1316,
    "zc_dsp_conv_sum.c": 84,
    "zc_dsp_conv_sum_wide.c": 20,
    "zc_dsp_conv_wide.c": 20,
    "zc_dsp_dense_wide.c": 20,
    "zc_dsp_depthwise.c": 828,
    "zc_dsp_depthwise1.c": 276,
    "zc_dsp_depthwise2.c": 152,
    "zc_dsp_depthwise_any.c": 640,
    "zc_dsp_gather.c": 748,
    "zc_dsp_lookup.c": 112,
    "zc_dsp_matrix.c": 472,
    "zc_dsp_max_pool.c": 128,
    "zc_dsp_multiply.c": 224,
    "zc_dsp_pointwise_sum.c": 84,
    "zc_dsp_pointwise_sum_wide.c": 20,
    "zc_dsp_pointwise_wide.c": 20,
    "zc_dsp_product.c": 624,
    "zc_dsp_product_wide.c": 560,
    "zc_dsp_sum.c": 256,
    "zc_mve_add.c": 288,
    "zc_mve_average.c": 160,
    "zc_mve_bytes.c": 352,
    "zc_mve_conv.c": 1236,
    "zc_mve_depthwise.c": 480,
    "zc_mve_depthwise16.c": 60,
    "zc_mve_depthwise_any.c": 284,
    "zc_mve_gather.c": 516,
    "zc_mve_lookup.c": 88,
    "zc_mve_max_pool.c": 152,
    "zc_mve_multiply.c": 268,
    "zc_mve_product.c": 308,
    "zc_mve_sum.c": 440,
    "zc_mve_taps16.c": 504,
    "zc_mve_taps8.c": 232,
    "zc_compact_half.c": 2028,
    "zc_compact_int8.c": 1868,
    "zc_detection.c": 1568,
    "zc_fft_float.c": 1608,
    "zc_fft_int16.c": 1888,
    "zc_fft_int32.c": 2816,
    "zc_signal.c": 1188,
    "zc_float_matrix.c": 224,
    "zc_mve_float_matrix.c": 184,
    "zc_move.c": 468,
    "zc_softmax.c": 200,
    "zc_softmax_any.c": 258,
    "zc_vfp_matrix.c": 240,
}
"""Code of each C file (gcc 12 -O2, Cortex-M4 or M55)."""
_NUMBER = re.compile(r"_\d+\.c$")


@dataclass(frozen=True)
class Families:
    """A kernel library: what it offers for each family that it knows."""

    name: str
    families: Mapping[type[Operator], Callable[..., Iterable[Candidate]]]

    def candidates(self, op: Operator) -> Iterable[Candidate]:
        """Return kernels that compute `op` exactly; none for types and layouts they lack."""
        make = self.families.get(type(op))
        return () if make is None else make(op)


@dataclass(frozen=True, eq=False)
class CKernel:
    """A C function that computes an operator.

    Attributes:
        library: which has it; the core's feature has the same name.
        kernel: the kernel's name in the model.
        function: the C function's name.
        files: where it is defined, and all that it needs.
        constants: makes what it reads.
        nbytes: size of the constants.
        scratch: bytes.
        feature: what the core must have, if not called as the library is; "" if nothing.
        in_place: inputs in whose memory the output may be.
        lead: how many bytes before them it then begins.
    """

    library: str
    kernel: str
    function: str
    files: Sequence[CFile]
    constants: Callable[[], Sequence[npt.NDArray[Any]]]
    nbytes: int
    scratch: int = 0
    feature: str | None = None
    in_place: Sequence[int] = ()
    lead: int = 0

    def candidate(
        self,
        op: Operator,
        name: str,
        estimate: float,
        knobs: Mapping[str, int | str] | None = None,
        widens: bool = False,
    ) -> Candidate:
        """Return the candidate; its constants are made when it is chosen."""
        feature = self.library if self.feature is None else self.feature

        def lower() -> Lowering:
            return c_call(
                self.kernel,
                op,
                self.function,
                constants=self.constants(),
                files=self.files,
                scratch=self.scratch,
                requires=[feature] if feature else [],
                in_place=self.in_place,
                lead=self.lead,
            )

        call = f"{self.function} {[tensor.shape for tensor in (*op.inputs, op.y)]}"
        code = {call: CALL_BYTES, **code_of(self.files)}
        return Candidate(name, lower, estimate, knobs or {}, self.nbytes, code, widens)


def code_of(files: Sequence[CFile]) -> dict[str, int]:
    """Return the bytes of code of the files that are compiled."""
    names = [file.name for file in files if file.name.endswith(".c")]
    return {name: TEXT_BYTES[_NUMBER.sub(".c", name)] for name in names}
