# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Rules for mac-array, the reference accelerator."""

from __future__ import annotations

from zephyr_counters.report.explain.explanation import Gain, Word
from zephyr_counters.report.explain.rule import Share

SOURCE = "extensions/mac-array/README.md"
_ARRAY = "zephyr-counters,mac-array"

RULES = (
    Share(
        name="mac-array-dma",
        compatible=_ARRAY,
        word=Word.MEMORY,
        over=("stall-cycles",),
        under=("busy-cycles",),
        at_least=0.3,
        text="The array waited {share} of its busy cycles for the DMA.",
        step="Give it more work per loaded byte: more outputs at once, or weights that stay local.",
        source=SOURCE,
    ),
    Share(
        name="mac-array-columns",
        compatible=_ARRAY,
        word=Word.COMPUTE,
        over=("stall-cycles", "macs/peak"),
        under=("busy-cycles",),
        at_least=0.3,
        rest=True,
        text="{share} of the array's busy cycles were lost to multipliers with nothing to do.",
        step="Fill the 8 columns: a depthwise layer uses one; make channels multiples of 8.",
        source=SOURCE,
    ),
    Share(
        name="mac-array-macs",
        compatible=_ARRAY,
        word=Word.COMPUTE,
        over=("macs/peak",),
        under=("busy-cycles",),
        at_least=0.5,
        text="The array did {share} of the multiply-accumulates that its busy cycles allow.",
        step="Only fewer MACs or a larger array makes it much faster.",
        source=SOURCE,
        gain=Gain.REST,
    ),
)
