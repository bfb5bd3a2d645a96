# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A comparison as JUnit XML: one test case per row and checked quantity."""

from __future__ import annotations

from collections.abc import Collection
from xml.etree import ElementTree

from zephyr_counters.report.comparison import Comparison, Difference, Verdict
from zephyr_counters.report.comparisons.words import percent
from zephyr_counters.report.text import printable


def write(comparison: Comparison, quantities: Collection[str], limit: float) -> str:
    """Return the XML.

    Args:
        comparison: the comparison.
        quantities: those that are checked.
        limit: a case fails if its quantity grew significantly by more than this, in percent.
    """
    cases = [
        (pair.name, one)
        for pair in comparison.pairs
        for one in pair.differences
        if one.quantity in quantities
    ]
    failed = [_fails(one, limit) for _, one in cases]
    suite = ElementTree.Element(
        "testsuite",
        name="zephyr-counters compare",
        tests=str(len(cases)),
        failures=str(sum(failed)),
        errors="0",
        skipped=str(sum(_skipped(one) for _, one in cases)),
    )
    for (name, one), fails in zip(cases, failed, strict=True):
        case = ElementTree.SubElement(
            suite, "testcase", classname=printable(name), name=printable(one.quantity)
        )
        text = f"{one.before:.6g} → {one.after:.6g} {one.unit}, {percent(one)}"
        if fails:
            failure = ElementTree.SubElement(case, "failure", message=f"grew over {limit:g}%")
            failure.text = printable(text)
        elif _skipped(one):
            ElementTree.SubElement(case, "skipped", message=one.verdict.value)
    text = ElementTree.tostring(suite, "unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'


def _fails(one: Difference, limit: float) -> bool:
    grown = one.ratio is None or one.ratio > 1 + limit / 100
    return one.verdict is Verdict.HIGHER and grown


def _skipped(one: Difference) -> bool:
    return one.verdict in (Verdict.UNTESTED, Verdict.MEANINGLESS)
