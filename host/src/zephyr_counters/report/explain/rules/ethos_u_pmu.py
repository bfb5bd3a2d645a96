# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Rules for the performance monitoring unit of Arm Ethos-U.

The manuals describe what NPU_IDLE ("stopped state"), NPU_ACTIVE ("running state"), MAC_ACTIVE
("block traversal, not stalled") and the ports' events ("arvalid & ~arready") count. Of the events
called STALLED of MAC units and command controller only the names are known, from the core driver;
the manual of the U85 has their numbers as reserved. So no finding is more than likely.
"""

from __future__ import annotations

from zephyr_counters.report.explain.explanation import Gain, Sure, Word
from zephyr_counters.report.explain.rule import Share

SOURCE = (
    "Arm Ethos-U Technical Reference Manuals (U55: 102420, U65: 102023, U85: 102685), register "
    "PMEVTYPER0; events as named in pmu_ethosu.h of Arm's ethos-u-core-driver"
)
_NPU = "arm,ethos-u-pmu"
_WHOLE = ("npu-active", "npu-idle")

RULES = (
    Share(
        name="ethos-u-idle",
        compatible=_NPU,
        word=Word.WAITING,
        over=("npu-idle",),
        under=_WHOLE,
        at_least=0.3,
        text="The NPU was idle {share} of the cycles: the core was preparing or finishing its job.",
        step="Join layers into one command stream, and keep cache cleaning to the tensors used.",
        source=SOURCE,
        sure=Sure.MEDIUM,
    ),
    Share(
        name="ethos-u-weights",
        compatible=_NPU,
        word=Word.MEMORY,
        over=("mac-stalled-by-wd|mac-stalled-by-w",),
        under=("npu-active",),
        at_least=0.25,
        text="The MAC units waited {share} of the active cycles for weights.",
        step="Let Vela buffer weights in SRAM (--optimise Performance), or prune the weights.",
        source=SOURCE,
        sure=Sure.MEDIUM,
    ),
    Share(
        name="ethos-u-reads",
        compatible=_NPU,
        word=Word.MEMORY,
        over=("axi0-rd-tran-req-stalled",),
        under=("npu-active",),
        at_least=0.25,
        text="Read requests on AXI port 0 were stalled {share} of the active cycles.",
        step="Place the arena in SRAM, or raise the port's limit of outstanding reads.",
        source=SOURCE,
        sure=Sure.MEDIUM,
    ),
    Share(
        name="ethos-u-input-buffer",
        compatible=_NPU,
        word=Word.MEMORY,
        over=("mac-stalled-by-ib",),
        under=("npu-active",),
        at_least=0.25,
        text="The MAC units waited {share} of the active cycles for the input buffer.",
        step="Place the input feature map in SRAM; check its alignment and format (NHCWB16).",
        source=SOURCE,
        sure=Sure.MEDIUM,
    ),
    Share(
        name="ethos-u-block-dependency",
        compatible=_NPU,
        word=Word.STALLS,
        over=("cc-stalled-on-blockdep",),
        under=("npu-active",),
        at_least=0.2,
        text="The command controller waited {share} of the active cycles for an earlier block.",
        step="Let Vela choose larger blocks, or reorder layers that depend on each other.",
        source=SOURCE,
        sure=Sure.MEDIUM,
    ),
    Share(
        name="ethos-u-macs",
        compatible=_NPU,
        word=Word.COMPUTE,
        over=("mac-active",),
        under=("npu-active",),
        at_least=0.5,
        text="The MAC units were active {share} of the active cycles.",
        step="Only fewer MACs or a larger configuration of the NPU makes it faster.",
        source=SOURCE,
        sure=Sure.MEDIUM,
        gain=Gain.REST,
    ),
)
