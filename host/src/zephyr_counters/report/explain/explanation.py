# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What an analysis says about a row: a verdict, its evidence, and what to try."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from zephyr_counters.report.report import Row

TIME = "the time"


class Word(enum.Enum):
    """What bounds a row, in one word."""

    COMPUTE = "compute"
    MEMORY = "memory"
    STALLS = "stalls"
    OVERHEAD = "overhead"
    """Launching, requantizing, converting or interrupts, rather than the layer's own arithmetic."""
    WAITING = "waiting"
    """The unit that should work waits for another one."""
    UNCLEAR = "unclear"
    """The measured counters cannot tell, or the row is too short for the clock."""


class Sure(enum.Enum):
    """How sure a finding is."""

    HIGH = "measured"
    """Hardware counted exactly this."""
    MEDIUM = "likely"
    """Counted, but the counter also counts something else, or an estimate enters."""
    LOW = "a guess"
    """Inferred from durations, shapes or operators."""


class Gain(enum.Enum):
    """How a finding's share limits what the next step can gain."""

    SHARE = "share"
    """The share is lost time: all of it could be saved at most."""
    REST = "rest"
    """The share is useful work: what is left could be saved at most."""
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Evidence:
    """One number that a finding rests on.

    Attributes:
        name: a counter, or a quantity in words.
        value: median per call.
        roof: the limit that the value is compared with, in the same unit; None without one.
        roof_name: where the limit comes from.
    """

    name: str
    value: float
    unit: str
    roof: float | None = None
    roof_name: str = ""


@dataclass(frozen=True)
class Finding:
    """The result of one rule.

    Attributes:
        rule: name of the rule.
        share: part of the row's time that it explains, 0 to 1.
        text: what it found, one sentence.
        step: what to try next, one sentence.
        source: the rule's source, such as a manual and section.
    """

    rule: str
    word: Word
    share: float
    sure: Sure
    text: str
    step: str
    source: str
    evidence: tuple[Evidence, ...] = ()
    gain: Gain = Gain.SHARE

    @property
    def most(self) -> float | None:
        """The largest part of the row's time that the next step can save; None if unknown."""
        if self.gain is Gain.UNKNOWN:
            return None
        return self.share if self.gain is Gain.SHARE else 1 - self.share


@dataclass(frozen=True)
class Explanation:
    """Why a row takes as long as it does.

    Attributes:
        of_model: the row's part of the time of all rows, 0 to 1; None if it is unknown.
        of_what: what that is a part of. Where a simulated accelerator runs layers, their durations
            mean nothing, and it is the accelerator's busy cycles.
        finding: decides the verdict.
        others: what else was found, the largest loss first.
        missing: counters that the board has, that were not measured and that a rule could use.
        doubts: why the numbers may mislead, one sentence each.
    """

    row: Row
    of_model: float | None
    finding: Finding
    others: tuple[Finding, ...] = ()
    missing: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    of_what: str = TIME

    @property
    def word(self) -> Word:
        """The verdict."""
        return self.finding.word

    @property
    def of_whole(self) -> str:
        """What `most_of_model` is a part of, in words."""
        return "the model" if self.of_what == TIME else self.of_what

    @property
    def most_of_model(self) -> float | None:
        """The largest part of the model's time that the next step can save; None if unknown."""
        if self.of_model is None or self.finding.most is None:
            return None
        return self.of_model * self.finding.most
