# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Why a layer takes as long as it does: one file of rules per family of counters.

A rule is one entry of a family's `RULES`. Other packages add rules by entry points of the group
`zephyr_counters.rules`, each a `Rule`, or a callable that returns one.
"""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from zephyr_counters.blob.catalog import ClockKind, Provider
from zephyr_counters.errors import UsageError
from zephyr_counters.report import entry_points
from zephyr_counters.report.explain.explanation import (
    Evidence,
    Explanation,
    Finding,
    Gain,
    Sure,
    Word,
)
from zephyr_counters.report.explain.facts import Facts, facts_of
from zephyr_counters.report.explain.holding import holding
from zephyr_counters.report.explain.roofs import Roofs, roofs_of
from zephyr_counters.report.explain.rule import Rule, Share
from zephyr_counters.report.explain.rules import (
    arm_pmu_v3,
    armv8_1m_pmu,
    cortex_m_dwt,
    ethos_u_pmu,
    mac_array,
    perf_event,
    riscv_hpm,
    time_only,
)
from zephyr_counters.report.explain.shares import shares
from zephyr_counters.report.report import Report

RULES: tuple[Rule, ...] = (
    *time_only.RULES,
    *cortex_m_dwt.RULES,
    *armv8_1m_pmu.RULES,
    *arm_pmu_v3.RULES,
    *riscv_hpm.RULES,
    *perf_event.RULES,
    *ethos_u_pmu.RULES,
    *mac_array.RULES,
)

GROUP = "zephyr_counters.rules"


def installed() -> tuple[Rule, ...]:
    """Return the built-in rules and those of installed packages.

    Raises:
        UsageError: an entry point is not a `Rule`, or uses a name that is taken.
    """
    found = {one.name: one for one in RULES}
    for where, loaded in entry_points.load(GROUP):
        rule = loaded() if callable(loaded) else loaded
        if not isinstance(rule, Rule):
            raise UsageError(f"{where} is not a Rule")
        if rule.name in found:
            raise UsageError(f"{where}: there is already a rule named {rule.name}")
        found[rule.name] = rule
    return tuple(found.values())


def explain(
    report: Report, rules: Iterable[Rule] | None = None, roofs: Roofs | None = None
) -> tuple[Explanation, ...]:
    """Explain each row but the whole model, in the report's order.

    A row that is too short for the clock is unclear. Otherwise the largest loss that reaches its
    rule's threshold decides; without any, the most useful work does; without either, it is unclear.

    Args:
        report: the report.
        rules: what to apply; None for all installed rules.
        roofs: limits of the core; None for those in the data of the report's board.

    Raises:
        UsageError: an entry point is not a `Rule`.
    """
    chosen = installed() if rules is None else tuple(rules)
    limits = roofs_of(report) if roofs is None else roofs
    facts = holding(facts_of(report, limits))
    parts, what = shares(report, facts)
    return tuple(
        _explain(report, one, chosen, part, what) for one, part in zip(facts, parts, strict=True)
    )


def _explain(
    report: Report, facts: Facts, rules: tuple[Rule, ...], part: float | None, what: str
) -> Explanation:
    found, failures = [], []
    for rule in rules:
        try:
            finding = rule.judge(facts)
        except Exception as error:
            # Someone else's rule: whatever it raises must not cost the others' findings.
            failures.append(f"rule {rule.name} failed: {error!r}")
            continue
        if finding is not None:
            found.append(finding)
    found.sort(key=_order)
    missing = _missing(report, facts, rules)
    if not found:
        found = [_unknown(missing)]
    return Explanation(
        row=facts.row,
        of_model=part,
        of_what=what,
        finding=found[0],
        others=tuple(found[1:]),
        missing=missing,
        doubts=(*_doubts(facts), *failures),
    )


def _order(finding: Finding) -> tuple[int, float]:
    """Unclear first, then losses, then useful work; the largest share of each first."""
    if finding.word is Word.UNCLEAR:
        return 0, 0.0
    if finding.gain is Gain.SHARE:
        return 1, -finding.share
    return (2 if finding.gain is Gain.REST else 3), -finding.share


def _unknown(missing: tuple[str, ...]) -> Finding:
    step = (
        f"Measure with --counters {','.join(missing)} as well."
        if missing
        else "Measure on a board whose counters count stalls, or give its data roofs."
    )
    return Finding(
        rule="none",
        word=Word.UNCLEAR,
        share=0.0,
        sure=Sure.LOW,
        text="No rule reaches its threshold with the counters that were measured.",
        step=step,
        source="",
        gain=Gain.UNKNOWN,
    )


def _missing(report: Report, facts: Facts, rules: tuple[Rule, ...]) -> tuple[str, ...]:
    """Return counters of available providers that rules need and that were not measured."""
    measured = {one.name for one in report.counters}
    found: dict[str, None] = {}
    for provider in report.catalog.providers:
        if provider.unavailable is not None or not _counts(provider, facts.row.accelerator):
            continue
        names = {one.name for one in provider.counters}
        for rule in rules:
            if rule.compatible and fnmatchcase(provider.compatible, rule.compatible):
                for choice in rule.counters:
                    has = [one for one in choice.split("|") if one in names]
                    full = [f"{provider.name}:{one}" for one in has]
                    if full and not measured & {*full}:
                        found[full[0]] = None
    return tuple(found)


def _counts(provider: Provider, accelerator: str | None) -> bool:
    """Return whether a provider counts what an accelerator does, or the core for None."""
    if accelerator is None:
        return provider.clock is ClockKind.CORE
    return provider.name.startswith(accelerator)


def _doubts(facts: Facts) -> tuple[str, ...]:
    doubts = []
    if facts.host_time:
        doubts.append("Times are those of the machine that simulates the board, not of hardware.")
    made_up = sorted({one.partition(":")[0] for one in facts.values} & facts.simulated)
    if made_up:
        doubts.append(f"A simulation makes up the counters of {', '.join(made_up)}.")
    return (*doubts, *facts.beaten)


__all__ = [
    "GROUP",
    "RULES",
    "Evidence",
    "Explanation",
    "Facts",
    "Finding",
    "Gain",
    "Roofs",
    "Rule",
    "Share",
    "Sure",
    "Word",
    "explain",
    "installed",
    "roofs_of",
]
