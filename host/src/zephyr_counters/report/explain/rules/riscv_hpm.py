# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Rules for the cycle and instruction counters that every RISC-V core has.

The events of mhpmcounter3 and up differ from core to core, so no rule relies on them.
"""

from __future__ import annotations

from zephyr_counters.report.explain.explanation import Gain, Sure, Word
from zephyr_counters.report.explain.rule import Share

SOURCE = "RISC-V Privileged Architecture, section Hardware Performance Monitor"
_HPM = "riscv,hpm"

RULES = (
    Share(
        name="riscv-stalls",
        compatible=_HPM,
        word=Word.STALLS,
        over=("instructions",),
        under=("cycles",),
        at_least=0.5,
        rest=True,
        text="{share} of the cycles retired no instruction, if the core issues one a cycle.",
        step="Check where weights lie (flash wait states), and avoid divisions in inner loops.",
        source=SOURCE,
        sure=Sure.MEDIUM,
    ),
    Share(
        name="riscv-executing",
        compatible=_HPM,
        word=Word.COMPUTE,
        over=("instructions",),
        under=("cycles",),
        at_least=0.7,
        text="An instruction retired in {share} of the cycles, if the core issues one a cycle.",
        step="Use a kernel with fewer instructions per MAC, or a smaller layer.",
        source=SOURCE,
        sure=Sure.MEDIUM,
        gain=Gain.REST,
    ),
)
