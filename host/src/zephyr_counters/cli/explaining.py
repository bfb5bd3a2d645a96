# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""`--explain`: why layers take as long as they do, as text."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, TextIO

from zephyr_counters.errors import UsageError

if TYPE_CHECKING:
    from zephyr_counters.report.explain import Evidence, Explanation
    from zephyr_counters.report.report import Report


def show_explanations(report: Report, layer: str = "*", file: TextIO | None = None) -> None:
    """Print the explanations of layers, those that can save the most first.

    Args:
        report: the report.
        layer: name or glob of the layers.
        file: None for standard output.

    Raises:
        UsageError: no layer has such a name.
    """
    from zephyr_counters.report.explain import explain
    from zephyr_counters.report.text import printable

    found = [
        one for one in explain(report) if one.row.name == layer or fnmatchcase(one.row.name, layer)
    ]
    if not found and layer != "*":
        names = ", ".join(row.name for row in report.layers)
        raise UsageError(f"--explain {layer}: no layer has this name", f"layers: {names}")
    found.sort(key=lambda one: (-(one.most_of_model or 0.0), -(one.of_model or 0.0)))
    for one in found:
        print(file=file)
        for line in _lines(one):
            print(printable(line), file=file)
    for doubt in dict.fromkeys(text for one in found for text in one.doubts):
        print(f"Note: {printable(doubt)}", file=file)


def _lines(one: Explanation) -> Iterator[str]:
    finding = one.finding
    share = "" if one.of_model is None else f", {100 * one.of_model:.1f}% of {one.of_what}"
    yield f"{one.row.name}: {one.word.value} ({finding.sure.value}){share}"
    yield f"  {finding.text}"
    yield from (f"    {_number(proof)}" for proof in finding.evidence)
    yield f"  Try: {finding.step}"
    if finding.most is not None:
        part = one.most_of_model
        model = "" if part is None else f", {100 * part:.1f}% of {one.of_whole}"
        yield f"  Could save at most {100 * finding.most:.0f}% of this layer{model}."
    for other in one.others:
        yield f"  Also {other.word.value} ({other.sure.value}): {other.text}"
    if finding.source:
        yield f"  Source: {finding.source}"


def _number(proof: Evidence) -> str:
    unit = "" if proof.unit in ("", "1") else f" {proof.unit}"
    text = f"{proof.name}: {proof.value:,.6g}{unit}"
    if proof.roof is not None:
        text += f" of {proof.roof:,.6g} ({proof.roof_name})"
    return text
