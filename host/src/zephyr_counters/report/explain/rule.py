# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What a rule is, and the form that most rules have: a share of a unit's cycles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from zephyr_counters.report.explain.explanation import Evidence, Finding, Gain, Sure, Word
from zephyr_counters.report.explain.facts import Facts

PEAK = "/peak"
CYCLES = "cycles|cpu-cycles"


@runtime_checkable
class Rule(Protocol):
    """Judges a row.

    Attributes:
        name: unique; lower-case words with dashes.
        compatible: glob of the providers that it is for; "" if it needs none.
        counters: the names it needs, `A|B` where either does.
    """

    @property
    def name(self) -> str:
        """Unique name."""
        ...

    @property
    def compatible(self) -> str:
        """Glob of the providers that it is for; "" if it needs none."""
        ...

    @property
    def counters(self) -> Sequence[str]:
        """Names of the counters it needs."""
        ...

    def judge(self, facts: Facts) -> Finding | None:
        """Return what it finds, or None if it does not apply or stays below its threshold."""
        ...


@dataclass(frozen=True)
class Share:
    """A rule as data: counters of a provider, over others of it, reach a threshold.

    A name is `A|B` where either counter will do. `/peak` after a name divides it by the most that
    the counter advances in a cycle (`max_per_cycle` in the catalog), which turns it into cycles at
    full speed.

    Attributes:
        over: counters that are added up.
        under: counters that are added up; their sum is the whole that `over` is a part of.
        at_least: threshold of the share.
        text: what the share is; `{share}` and `{provider}` are filled in.
        rest: the share is what `over` leaves.
    """

    name: str
    compatible: str
    word: Word
    over: tuple[str, ...]
    under: tuple[str, ...]
    at_least: float
    text: str
    step: str
    source: str
    sure: Sure = Sure.HIGH
    gain: Gain = Gain.SHARE
    rest: bool = False

    @property
    def counters(self) -> tuple[str, ...]:
        """Names of the counters it needs."""
        return tuple(one.removesuffix(PEAK) for one in (*self.over, *self.under))

    def judge(self, facts: Facts) -> Finding | None:
        """Return the finding of the first provider that reaches the threshold."""
        for provider in facts.providers(self.compatible):
            over = self._terms(facts, provider, self.over)
            under = self._terms(facts, provider, self.under)
            if over is None or under is None or _total(under) <= 0:
                continue
            share = _total(over) / _total(under)
            share = min(1.0, max(0.0, 1 - share if self.rest else share))
            if share >= self.at_least:
                return Finding(
                    rule=self.name,
                    word=self.word,
                    share=share,
                    sure=Sure.MEDIUM if provider in facts.simulated else self.sure,
                    text=self.text.format(share=f"{100 * share:.0f}%", provider=provider),
                    step=self.step,
                    source=self.source,
                    evidence=tuple(dict.fromkeys(one for _, one in (*over, *under))),
                    gain=self.gain,
                )
        return None

    def _terms(
        self, facts: Facts, provider: str, names: Sequence[str]
    ) -> list[tuple[float, Evidence]] | None:
        """Return (cycles, evidence) of each counter, or None if one was not measured."""
        found = []
        for name in names:
            counter = facts.find(provider, name.removesuffix(PEAK))
            if counter is None:
                return None
            value, about = facts.values[counter], facts.counters[counter]
            if not name.endswith(PEAK):
                found.append((value, Evidence(counter, value, about.unit)))
            elif about.max_per_cycle > 0:
                whole = facts.find(provider, self.under[0])
                roof = None if whole is None else about.max_per_cycle * facts.values[whole]
                proof = Evidence(
                    counter,
                    value,
                    about.unit,
                    roof,
                    f"{about.max_per_cycle} per cycle (catalog)",
                )
                found.append((value / about.max_per_cycle, proof))
            else:
                return None
        return found


def _total(terms: Sequence[tuple[float, Evidence]]) -> float:
    return sum(value for value, _ in terms)
