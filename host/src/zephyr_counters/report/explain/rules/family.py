# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Rules that several families of core counters have in common, under other names."""

from __future__ import annotations

from dataclasses import dataclass

from zephyr_counters.report.explain.explanation import Gain, Sure, Word
from zephyr_counters.report.explain.rule import CYCLES, Share


@dataclass(frozen=True)
class Family:
    """A kind of performance monitoring unit.

    Attributes:
        prefix: of the rules' names.
        compatible: of the providers.
        source: manual and section.
        sure: of counts of stalls: whether the unit counts exactly these.
    """

    prefix: str
    compatible: str
    source: str
    sure: Sure = Sure.HIGH

    def front_end(self, stalled: str, at_least: float, step: str) -> Share:
        """Return the rule for cycles in which no instruction was ready."""
        return self._stalls("front-end", stalled, at_least, step)

    def back_end(self, stalled: str, at_least: float, step: str) -> Share:
        """Return the rule for cycles in which an instruction was ready, but could not run."""
        return self._stalls("back-end", stalled, at_least, step)

    def _stalls(self, part: str, stalled: str, at_least: float, step: str) -> Share:
        return Share(
            name=f"{self.prefix}-{part}",
            compatible=self.compatible,
            word=Word.STALLS,
            over=(stalled,),
            under=(CYCLES,),
            at_least=at_least,
            text=f"Nothing was issued in {{share}} of the cycles because of the {part}.",
            step=step,
            source=self.source,
            sure=self.sure,
        )

    def cache(self, what: str, name: str, misses: str, accesses: str, at_least: float) -> Share:
        """Return the rule for accesses to a cache that went on to the next memory.

        Args:
            what: the cache, in words.
            name: the cache, in the rule's name.
            misses: counter.
            accesses: counter.
            at_least: threshold of the share.
        """
        return Share(
            name=f"{self.prefix}-{name}",
            compatible=self.compatible,
            word=Word.MEMORY,
            over=(misses,),
            under=(accesses,),
            at_least=at_least,
            text=f"{{share}} of the accesses to the {what} missed.",
            step=f"Tile the layer so that what it reuses fits the {what}, or store weights in "
            "fewer bits or faster memory.",
            source=self.source,
            sure=Sure.MEDIUM,
            gain=Gain.UNKNOWN,
        )

    def branches(self, missed: str, counted: str) -> Share:
        """Return the rule for branches that were predicted wrongly."""
        return Share(
            name=f"{self.prefix}-branches",
            compatible=self.compatible,
            word=Word.STALLS,
            over=(missed,),
            under=(counted,),
            at_least=0.05,
            text="{share} of the branches were mispredicted.",
            step="Unroll short inner loops; replace branches on data by selects.",
            source=self.source,
            sure=Sure.MEDIUM,
            gain=Gain.UNKNOWN,
        )

    def executing(self, stalled: tuple[str, ...], at_least: float, step: str) -> Share:
        """Return the rule for cycles that were not stalled."""
        return Share(
            name=f"{self.prefix}-executing",
            compatible=self.compatible,
            word=Word.COMPUTE,
            over=stalled,
            under=(CYCLES,),
            at_least=at_least,
            rest=True,
            text="Instructions were issued in {share} of the cycles.",
            step=step,
            source=self.source,
            sure=Sure.MEDIUM,
            gain=Gain.REST,
        )
