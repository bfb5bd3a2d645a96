# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Two reports side by side."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import made_up
import pytest
from fake_board import FakeBoard, archive
from zephyr_counters.blob.records import Measure, Origin
from zephyr_counters.cli.main import main
from zephyr_counters.errors import UsageError
from zephyr_counters.measure import profile
from zephyr_counters.report import Report, Series, compare, exports
from zephyr_counters.report.comparison import Verdict
from zephyr_counters.report.comparisons import junit, markdown
from zephyr_counters.report.comparisons.words import headline
from zephyr_counters.report.gate import Gate
from zephyr_counters.report.runs import join


def measured(**board: object) -> Report:
    return profile(
        FakeBoard(**board), counters=["core:cycles", "npu:macs"], repeat=8, archive=archive()
    )


def noisy(report: Report, shift: int) -> Report:
    """The report with values of its own in each repetition."""
    rows = tuple(
        replace(
            row,
            ticks=tuple(
                replace(one, raw=tuple(v + shift + 3 * n for n, v in enumerate(one.raw)))
                for one in row.ticks
            ),
        )
        for row in report.rows
    )
    return replace(report, rows=rows)


def find(comparison: Any, row: str, quantity: str) -> Any:
    pair = next(pair for pair in comparison.pairs if pair.name == row)
    return next(one for one in pair.differences if one.quantity == quantity)


def test_exact_counters_compare_exactly() -> None:
    same = compare(measured(), measured())
    assert all(one.verdict is Verdict.SAME for pair in same.pairs for one in pair.differences)
    slower = find(compare(measured(), measured(slower=1)), "conv_1", "npu:macs")
    assert (slower.verdict, slower.p) == (Verdict.HIGHER, 0.0)
    assert (slower.before, slower.after, slower.ratio) == (2080, 2081, 2081 / 2080)


def test_noise_is_not_significant_and_a_shift_is() -> None:
    before = noisy(measured(), 0)
    assert find(compare(before, noisy(measured(), 1)), "conv_0", "time").verdict is (
        Verdict.NOT_SIGNIFICANT
    )
    shifted = compare(before, noisy(measured(), 100))
    assert find(shifted, "conv_0", "time").verdict is Verdict.HIGHER
    assert find(compare(noisy(measured(), 100), before), "conv_0", "time").verdict is Verdict.LOWER
    assert Gate(5, "*").failed(shifted) == {"time": ["conv_0"]}
    assert Gate(2.4, "*").failed(shifted) == {"time": ["conv_0", "conv_1", "conv_2", "toy"]}
    assert Gate(2.4).failed(shifted) == {"time": ["toy"]}
    assert Gate(2.4, "conv_[12]").failed(shifted) == {"time": ["conv_1", "conv_2"]}
    assert Gate(50, "*").failed(shifted) == {}


def test_too_few_repetitions() -> None:
    one = profile(FakeBoard(), counters=["cycles"], repeat=1)
    two = profile(FakeBoard(slower=500), counters=["cycles"], repeat=1)
    assert find(compare(one, two), "layer 0", "time").verdict is Verdict.UNTESTED


def test_stuck_and_wrapped_counters_are_not_compared() -> None:
    comparison = compare(measured(), measured(stuck=("npu:macs",), wrapped=(1, 0)))
    assert find(comparison, "conv_1", "npu:macs").verdict is Verdict.MEANINGLESS
    assert find(comparison, "conv_1", "core:cycles").verdict is Verdict.MEANINGLESS
    assert find(comparison, "conv_0", "core:cycles").verdict is Verdict.SAME


def test_rows_match_by_name_then_by_index() -> None:
    before, after = measured(), measured()
    first, second, *rest = after.rows
    after = replace(after, rows=(replace(second, tag=0), replace(first, name="new"), *rest))
    names = [pair.name for pair in compare(before, after).pairs]
    assert "conv_1" in names and "conv_0 → new" in names
    shorter = replace(after, rows=after.rows[2:])
    assert compare(before, shorter).removed == ("conv_0", "conv_1")
    assert compare(shorter, before).added == ("conv_0", "conv_1")


def test_models_of_other_names_differ() -> None:
    report = measured()
    assert report.model is not None and report.whole is not None
    rows = (*report.layers, replace(report.whole, name="other", tag=99))
    other = replace(report, model=replace(report.model, name="other", hash="00"), rows=rows)
    found = compare(report, other)
    assert "the models differ: toy, other" in found.notes
    assert found.whole is not None and not found.removed and not found.added


def test_what_a_report_does_not_say_is_no_difference() -> None:
    """Such as an imported one."""
    report = measured()
    assert report.model is not None
    unknown = replace(report, model=replace(report.model, hash="", target="", tvm="", memory={}))
    assert not [
        one for one in compare(report, unknown).notes if "differ:" in one or "compiled" in one
    ]


def test_what_makes_reports_hard_to_compare_is_said() -> None:
    other = profile(
        FakeBoard(), counters=["core:cycles"], repeat=2, archive=archive(), lock_interrupts=True
    )
    assert other.model is not None
    other = replace(
        other,
        catalog=replace(other.catalog, board="other"),
        model=replace(other.model, hash="00"),
    )
    notes = compare(measured(), other).notes
    assert any("boards differ" in note for note in notes)
    assert any("toy was compiled differently" in note and "then 00)" in note for note in notes)
    assert any(one.startswith("only the first report has") and "npu:macs" in one for one in notes)
    assert any("interrupts were locked in only one" in note for note in notes)


def in_runs(runs: int, scale: float = 1.0, spread: int = 3) -> Report:
    """A report of a model of two layers, in which runs differ by `spread` in 1,000."""
    reports = [
        made_up.report(
            [
                made_up.row([round(scale * (1000 + spread * (run % 3)))] * 4, name="a"),
                made_up.row([5000 + spread * (run % 2)] * 4, name="b", tag=1),
                made_up.row(
                    [round(scale * 1000) + 5000 + spread * (run % 2)] * 4,
                    name="m",
                    tag=2,
                    origin=Origin.WHOLE,
                ),
            ]
        )
        for run in range(runs)
    ]
    return join(reports)


def test_medians_of_runs_are_the_samples() -> None:
    """Within a run all repetitions are equal, so as samples they would show any difference."""
    assert in_runs(5).runs == (4, 4, 4, 4, 4)
    same = compare(in_runs(5), in_runs(6))
    assert not [one for pair in same.pairs for one in pair.differences if one.significant]
    slower = compare(in_runs(5), in_runs(5, 1.1))
    assert find(slower, "a", "time").verdict is Verdict.HIGHER
    assert find(slower, "b", "time").verdict is not Verdict.HIGHER
    assert [name for name, _ in slower.largest()] == ["a"]
    assert slower.whole.verdict is Verdict.HIGHER
    assert Gate(5, "*").failed(slower) == {"time": ["a"]}
    assert Gate(1, "*").failed(slower) == {"time": ["a", "m"]}


def test_the_smallest_effect() -> None:
    before, after = in_runs(9, spread=0), in_runs(9, 1.005)
    assert find(compare(before, after, min_effect=0.0), "a", "time").verdict is Verdict.HIGHER
    assert find(compare(before, after), "a", "time").verdict is Verdict.SMALL


def test_what_could_not_have_been_seen_is_said() -> None:
    comparison = compare(in_runs(3, spread=300), in_runs(3, spread=300))
    assert comparison.whole.least > 100e-9
    assert any("could not have been seen" in line for line in headline(comparison))
    assert "two runs or more" in " ".join(compare(in_runs(1), in_runs(1)).notes)


def test_runs_are_joined_with_the_least_cost() -> None:
    """A calibration that was disturbed is no reason to subtract more from its run."""
    one = made_up.report([made_up.row([10, 20])])
    disturbed = replace(one.passes[0], overhead=Measure(25, ()))
    costly = replace(
        one,
        passes=(disturbed,),
        rows=(replace(one.rows[0], ticks=(Series("ticks", (12, 22), cost=25, wrapped=(1,)),)),),
    )
    for joined, ticks in ((join([one, costly]), (10, 20, 12, 22)), (join([costly, one]), None)):
        assert joined.rows[0].ticks[0].values == (ticks or (12, 22, 10, 20))
        assert joined.passes == one.passes
    joined = join([one, costly])
    assert joined.rows[0].ticks[0].wrapped == (3,)
    assert exports.from_json(exports.to_json(joined)) == joined
    with pytest.raises(UsageError, match="same rows"):
        join([one, made_up.report([made_up.row(1, name="other")])])


def test_for_ci(tmp_path: Path) -> None:
    comparison = compare(in_runs(5), in_runs(5, 1.1))
    root = ElementTree.fromstring(junit.write(comparison, [Gate(5, "*")]).encode())
    assert (root.get("tests"), root.get("failures")) == ("3", "1")
    assert [one.get("classname") for one in root if one.find("failure") is not None] == ["a"]
    text = markdown.write(comparison)
    assert "| a | time |" in text and "Whole model" in text
    for name, one in (("before.json", in_runs(5)), ("after.json", in_runs(5, 1.1))):
        exports.save(one, tmp_path / name)
    files = [str(tmp_path / name) for name in ("before.json", "after.json", "j.xml", "m.md")]
    gate = ["--fail-over", "*=5%", "--junit", files[2], "--markdown", files[3]]
    assert main(["compare", *files[:2], *gate]) == 3
    assert main(["compare", *files[:2], "--fail-over", "50%"]) == 0
    assert main(["compare", *files[:2], "--fail-over", "5%"]) == 0
    assert main(["compare", *files[:2], "--fail-over", "1%"]) == 3
    assert main(["compare", *files[:2], "--fail-over", "50%", "--fail-over", "a=5%"]) == 3
    assert main(["compare", *files[:2], "--fail-over", "nothing=5%"]) == 2
    assert main(["compare", files[0]]) == 2
    assert ElementTree.parse(files[2]).getroot().get("failures") == "1"
    assert main(["compare", *files[:2], *gate]) == 2  # the files exist


def test_hostile_names_stay_text_in_ci() -> None:
    hostile = "</testcase>|<script>\n# [x](y)"
    before, after = (
        made_up.report([made_up.row([ticks] * 3, name=hostile)]) for ticks in (1000, 1100)
    )
    comparison = compare(before, after)
    assert len(ElementTree.fromstring(junit.write(comparison, [Gate(1, "*")]).encode())) == 1
    lines = markdown.write(comparison).splitlines()
    (line,) = [one for one in lines if one.startswith("| ") and "script" in one]
    assert "\\<script\\>" in line and line.count(" | ") == 4
