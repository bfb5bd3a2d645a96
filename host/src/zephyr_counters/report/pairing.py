# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Which rows of two reports belong together, and what else differs between the reports."""

from __future__ import annotations

from collections.abc import Iterator

from zephyr_counters.blob.records import Origin
from zephyr_counters.report.comparison import TIME
from zephyr_counters.report.report import UNKNOWN_BOARD, Report, Row


def title(report: Report) -> str:
    """Return the report's model, board and time, and which other profiler measured it."""
    model = f"{report.model.name} on " if report.model else ""
    parts = [f"{model}{report.board}", report.created]
    if report.imported:
        parts.append(f"measured by {report.generator}")
    return ", ".join(one for one in parts if one)


def match(before: Report, after: Report) -> Iterator[tuple[Row, Row]]:
    """Yield rows of the same name, and of those left rows of the same origin and index.

    The whole model is one row, whatever its name.
    """
    by_name = {_key(row): row for row in after.rows}
    exact = {id(row): by_name.pop(_key(row)) for row in before.rows if _key(row) in by_name}
    by_index = {(row.origin, row.tag): row for row in by_name.values()}
    for row in before.rows:
        other = exact.get(id(row)) or by_index.pop((row.origin, row.tag), None)
        if other is not None:
            yield row, other


def _key(row: Row) -> tuple[Origin, str]:
    return row.origin, "" if row.origin is Origin.WHOLE else row.name


def quantities(before: Report, after: Report) -> set[str]:
    """Return the names of what can be compared: `time`, and the counters of both reports."""
    counters = {one.name for one in before.counters} & {one.name for one in after.counters}
    return {TIME, *counters}


def notes(before: Report, after: Report) -> Iterator[str]:
    """Yield what makes the reports hard to compare, and what differs between them, a line each."""
    if min(len(before.runs), len(after.runs)) < 2:
        yield (
            "each report needs two runs or more (profile --runs) to tell a change from how much "
            "runs differ by themselves; repetitions of one run make it look smaller than it is"
        )
    yield from _models(before, after)
    for what, one, other in _facts(before, after):
        if one and other and one != other:  # what a report does not say is no difference
            yield f"the {what} differ: {one}, {other}"
    first, second = ({one.name for one in each.counters} for each in (before, after))
    for which, names in (("first", first - second), ("second", second - first)):
        if names:
            yield f"only the {which} report has {', '.join(sorted(names))}"
    if [one.interrupts_locked for one in before.passes[:1]] != [
        one.interrupts_locked for one in after.passes[:1]
    ]:
        yield "interrupts were locked in only one of the reports"


def _models(before: Report, after: Report) -> Iterator[str]:
    """Yield how the models differ: their names, or what was compiled under one name."""
    if before.model is None or after.model is None:
        return
    one, other = before.model, after.model
    if one.name != other.name:
        yield f"the models differ: {one.name}, {other.name}"
    elif one.hash and other.hash and one.hash != other.hash:
        yield (
            f"{one.name} was compiled differently, from another file or with another target, "
            f"options or version (hash {one.hash[:12]}, then {other.hash[:12]})"
        )


def _facts(before: Report, after: Report) -> Iterator[tuple[str, str, str]]:
    """Yield what should be alike, its value before, and its value after."""
    one, other = before.catalog, after.catalog
    if UNKNOWN_BOARD not in (before.board, after.board):
        yield "boards", before.board, after.board
    yield "runtimes", one.runtime, other.runtime
    yield "clocks", one.clock_name, other.clock_name
    yield "clock frequencies", f"{one.clock_hz} Hz", f"{other.clock_hz} Hz"
    yield "programs that measured", before.generator, after.generator
    yield "calls per record", _calls(before), _calls(after)
    if before.model and after.model:
        first, second = before.model, after.model
        yield "targets", first.target, second.target
        yield "versions of TVM", first.tvm, second.tvm
        for name in first.memory:
            if name in second.memory:
                sizes = first.memory[name], second.memory[name]
                yield f"sizes of {name}", f"{sizes[0]} bytes", f"{sizes[1]} bytes"


def _calls(report: Report) -> str:
    return ", ".join(str(one) for one in sorted({row.calls for row in report.rows}))
