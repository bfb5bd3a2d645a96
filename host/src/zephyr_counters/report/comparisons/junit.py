# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A comparison as JUnit XML: one test case per row and checked quantity."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree

from zephyr_counters.report.comparison import Comparison, Difference, Verdict
from zephyr_counters.report.comparisons.words import percent
from zephyr_counters.report.gate import Gate
from zephyr_counters.report.text import printable


def write(comparison: Comparison, gates: Sequence[Gate]) -> str:
    """Return the XML: a case per row and quantity that a gate holds to a limit."""
    cases: dict[tuple[str, str], tuple[Difference, list[Gate]]] = {}
    for gate in gates:
        for pair, one in gate.covered(comparison):
            cases.setdefault((pair.name, one.quantity), (one, []))[1].append(gate)
    broken = {key: [gate for gate in held if gate.fails(one)] for key, (one, held) in cases.items()}
    suite = ElementTree.Element(
        "testsuite",
        name="zephyr-counters compare",
        tests=str(len(cases)),
        failures=str(sum(map(bool, broken.values()))),
        errors="0",
        skipped=str(sum(_skipped(one) for one, _ in cases.values())),
    )
    for (name, quantity), (one, _) in cases.items():
        case = ElementTree.SubElement(
            suite, "testcase", classname=printable(name), name=printable(quantity)
        )
        text = f"{one.before:.6g} → {one.after:.6g} {one.unit}, {percent(one)}"
        failing = broken[name, quantity]
        if failing:
            limit = min(gate.percent for gate in failing)
            failure = ElementTree.SubElement(case, "failure", message=f"grew over {limit:g}%")
            failure.text = printable(text)
        elif _skipped(one):
            ElementTree.SubElement(case, "skipped", message=one.verdict.value)
    text = ElementTree.tostring(suite, "unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'


def _skipped(one: Difference) -> bool:
    return one.verdict in (Verdict.UNTESTED, Verdict.MEANINGLESS)
