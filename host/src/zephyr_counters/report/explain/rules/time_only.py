# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Rules that need no counters: durations, operators, MACs, bytes and the board's roofs."""

from __future__ import annotations

from dataclasses import dataclass

from zephyr_counters.report.explain.explanation import Evidence, Finding, Gain, Sure, Word
from zephyr_counters.report.explain.facts import Facts

ROOFLINE = "Williams, Waterman and Patterson, Roofline, Communications of the ACM 52(4), 2009"
OURS = "zephyr-counters, docs/explaining.md"
CONVERSIONS = frozenset(
    ("quantize", "dequantize", "cast", "reshape", "permute_dims", "transpose", "copy", "concat")
)


@dataclass(frozen=True)
class TooShort:
    """A row that lasts so few ticks of the clock, or varies so much, that nothing can be said.

    Attributes:
        ticks: below this many ticks, rounding alone is an error of more than 1 in `ticks`.
        spread: median absolute deviation over median.
    """

    ticks: int = 20
    spread: float = 0.25
    name: str = "too-short"
    compatible: str = ""
    counters: tuple[str, ...] = ()

    def judge(self, facts: Facts) -> Finding | None:
        """Return a finding for a row that is shorter."""
        if facts.seconds is None:
            return None
        ticks = facts.seconds.median / facts.tick
        spread = facts.seconds.mad / facts.seconds.median if facts.seconds.median > 0 else 0.0
        if ticks >= self.ticks and spread <= self.spread:
            return None
        if ticks < self.ticks:
            why = f"A record of it takes {ticks:.0f} ticks of the clock, fewer than {self.ticks}."
            step = "Measure several calls per record (profile --batch N), or leave it: it is short."
            proof = Evidence("duration", ticks, "ticks")
        else:
            why = (
                f"Half of its repetitions are more than {100 * spread:.0f}% off the median, "
                f"beyond {100 * self.spread:.0f}%."
            )
            step = (
                "Measure more repetitions where nothing else runs (profile --repeat N), or several "
                "calls per record (--batch N)."
            )
            proof = Evidence("median absolute deviation", round(100 * spread, 1), "% of the median")
        return Finding(
            rule=self.name,
            word=Word.UNCLEAR,
            share=0.0,
            sure=Sure.HIGH,
            text=why,
            step=step,
            source=OURS,
            evidence=(proof,),
            gain=Gain.UNKNOWN,
        )


@dataclass(frozen=True)
class OnlyConverts:
    """A layer whose operators all only convert, copy or rearrange values."""

    name: str = "only-converts"
    compatible: str = ""
    counters: tuple[str, ...] = ()

    def judge(self, facts: Facts) -> Finding | None:
        """Return a finding for a layer on the core that does nothing else."""
        ops = facts.row.ops
        if not ops or facts.row.macs or not CONVERSIONS.issuperset(ops):
            return None
        return Finding(
            rule=self.name,
            word=Word.OVERHEAD,
            share=1.0,
            sure=Sure.LOW,
            text=f"It only converts or moves values ({', '.join(dict.fromkeys(ops))}).",
            step="Feed and read int8 tensors directly, or let the layer beside it do this.",
            source=OURS,
            evidence=(Evidence("bytes moved", facts.bytes_moved, "bytes"),),
        )


@dataclass(frozen=True)
class NoArithmetic:
    """A layer without MACs that is not only a conversion: pooling, elementwise operators."""

    name: str = "no-arithmetic"
    compatible: str = ""
    counters: tuple[str, ...] = ()

    def judge(self, facts: Facts) -> Finding | None:
        """Return a finding for a layer with operators and tensors, but without MACs."""
        ops = facts.row.ops
        if not ops or facts.row.macs != 0 or not facts.bytes_moved or CONVERSIONS.issuperset(ops):
            return None
        return Finding(
            rule=self.name,
            word=Word.MEMORY,
            share=0.0,
            sure=Sure.LOW,
            text="It has no multiply-accumulates; it loads, compares or adds, and stores.",
            step="Fuse it into the layer before it, which has its input in registers.",
            source=ROOFLINE,
            evidence=(Evidence("bytes moved", facts.bytes_moved, "bytes"),),
            gain=Gain.UNKNOWN,
        )


@dataclass(frozen=True)
class NearRoof:
    """A layer on the core near one of the board's roofs.

    Attributes:
        at_least: share of the roof.
    """

    word: Word
    at_least: float = 0.6
    compatible: str = ""
    counters: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Name of the rule."""
        return f"{self.word.value}-roof"

    def judge(self, facts: Facts) -> Finding | None:
        """Return a finding for a layer on the core, where the board's data has the roof."""
        compute = self.word is Word.COMPUTE
        roof = facts.roofs.macs_per_cycle if compute else facts.roofs.bytes_per_cycle
        amount = (facts.row.macs or 0) if compute else facts.bytes_moved
        cycles = facts.cycles()
        if facts.row.accelerator is not None or not roof or not amount or not cycles:
            return None
        share = min(1.0, amount / cycles / roof)
        if share < self.at_least:
            return None
        unit = "MACs/cycle" if compute else "bytes/cycle"
        return Finding(
            rule=self.name,
            word=self.word,
            share=share,
            sure=Sure.MEDIUM,
            text=f"It reaches {100 * share:.0f}% of the core's {roof:.3g} {unit}.",
            step=(
                "Only fewer MACs, a wider instruction set or an accelerator makes it faster."
                if compute
                else "Keep its tensors in faster memory, or fuse it, so that fewer bytes move."
            ),
            source=f"{ROOFLINE}; {facts.roofs.source}",
            evidence=(Evidence(unit, amount / cycles, unit, roof, facts.roofs.source),),
            gain=Gain.REST,
        )


@dataclass(frozen=True)
class SmallAndSlow:
    """A small layer that does its MACs much slower than the best layer on the same unit.

    Attributes:
        size: its MACs over those of the largest layer, at most.
        speed: its MACs per second over those of the fastest layer, at most.
    """

    size: float = 0.05
    speed: float = 0.25
    name: str = "small-and-slow"
    compatible: str = ""
    counters: tuple[str, ...] = ()

    def judge(self, facts: Facts) -> Finding | None:
        """Return a finding for a layer whose fixed cost seems to dominate."""
        macs, seconds, best = facts.row.macs, facts.seconds, facts.best_rate
        if not macs or seconds is None or seconds.median <= 0 or not best:
            return None
        rate = macs / seconds.median
        if macs > self.size * facts.most_macs or rate > self.speed * best:
            return None
        return Finding(
            rule=self.name,
            word=Word.OVERHEAD,
            share=1 - rate / best,
            sure=Sure.LOW,
            text=(
                f"It is small, and {best / rate:.1f} times slower per MAC than the model's fastest "
                "layer: starting it seems to cost more than its arithmetic."
            ),
            step="Fuse it with a neighbour, or run it on the core if it is on an accelerator.",
            source=OURS,
            evidence=(
                Evidence("MACs per second", rate, "MACs/s", best, "fastest layer of this model"),
            ),
        )


RULES = (
    TooShort(),
    OnlyConverts(),
    NoArithmetic(),
    NearRoof(Word.COMPUTE),
    NearRoof(Word.MEMORY),
    SmallAndSlow(),
)
