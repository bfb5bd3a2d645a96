# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Reports: JSON both ways, CSV, frames, traces, tables."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from fake_board import FakeBoard, archive
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from zephyr_counters.errors import BlobError, UsageError
from zephyr_counters.measure import profile, profile_function
from zephyr_counters.report import Report, exports, table
from zephyr_counters.report.statistics import rank_test, summarize


@pytest.fixture(scope="module")
def report() -> Report:
    board = FakeBoard(stuck=("core:cycles",))
    return profile(board, repeat=3, archive=archive())


def test_json_both_ways(report: Report, tmp_path: Path) -> None:
    text = exports.to_json(report)
    again = exports.from_json(text)
    assert again == report
    assert exports.to_json(again) == text
    exports.save(report, tmp_path / "r.json")
    assert exports.load(tmp_path / "r.json") == report
    document = json.loads(text)
    assert (document["format"], document["version"]) == ("zephyr-counters report", 1)
    function = profile_function(FakeBoard(), "conv", 3, 2)
    assert exports.from_json(exports.to_json(function)) == function


def damaged(report: Report, *path: object, value: object = None, drop: bool = False) -> str:
    document = json.loads(exports.to_json(report))
    here = document
    for step in path[:-1]:
        here = here[step]
    if drop:
        del here[path[-1]]
    else:
        here[path[-1]] = value
    return json.dumps(document)


def test_damaged_json(report: Report, tmp_path: Path) -> None:
    for text, message in (
        ("", "not JSON"),
        ("[" * 100_000, "not JSON|not a report"),
        ("[]", "not a report"),
        ('{"format": "other"}', "not a report"),
        (damaged(report, "version", value=2), "version 2, this program knows 1"),
        (damaged(report, "rows", drop=True), "report has no rows"),
        (damaged(report, "more", value=1), "unknown field 'more'"),
        (damaged(report, "rows", 0, "tag", value="1"), r"rows\[0\].tag is not of type int"),
        (damaged(report, "rows", 0, "origin", value="x"), "origin is 'x', not one of"),
        (damaged(report, "rows", 0, "ticks", 0, "calls", value=0), "span no call"),
        (damaged(report, "rows", 0, "ticks", value=[]), "does not fit its passes"),
        (damaged(report, "rows", 0, "counters", 0, "name", value="x"), "unknown counter x"),
        (
            damaged(report, "counters", 0, "pass_index", value=7),
            "of pass 7, which the report does not have",
        ),
        (damaged(report, "catalog", "clock_hz", value=0), "clock_hz is not above 0"),
        (damaged(report, "rows", 0, "opaque", 0, "data", 0, value="?"), "not base64"),
    ):
        with pytest.raises(BlobError, match=message):
            exports.from_json(text)
    (tmp_path / "x.json").write_bytes(b"\xff")
    with pytest.raises(BlobError, match=r"x\.json"):
        exports.load(tmp_path / "x.json")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), JSON)
def test_any_damage_is_a_blob_error_or_a_report_that_renders(
    data: st.DataObject, wrong: object
) -> None:
    document = json.loads(_SMALL)
    here = document
    while True:
        keys = list(here) if isinstance(here, dict) else list(range(len(here)))
        if not keys:
            break
        key = data.draw(st.sampled_from(keys))
        if not isinstance(here[key], (dict, list)) or data.draw(st.booleans()):
            here[key] = wrong
            break
        here = here[key]
    try:
        report = exports.from_json(json.dumps(document))
    except BlobError:
        return
    table.render(report)
    exports.to_csv(report)
    exports.to_trace(report)


_SMALL = exports.to_json(profile(FakeBoard(layers=1), counters=["core:*", "npu:log"], repeat=2))


def test_table(report: Report) -> None:
    text = table.render(report)
    assert "toy on fake (tvm-ffi), 2 passes" in text
    line = next(line for line in text.splitlines() if line.startswith(" conv_1"))
    assert " stuck " in line and "2,080" in line and "!" not in text
    assert "Does not advance on this board: core:cycles." in text
    assert "core:instructions" not in text.split("Does not advance")[1].splitlines()[0]
    cost = "Cost of measuring, subtracted: 0.00500 µs per region, 0.0380 µs in the whole model"
    assert cost in text
    assert "Memory: activations 100 bytes, workspace 20 bytes, constants 2.93 KiB" in text
    assert "Pass 1: core:branches, core:branch-misses." in text
    assert "Note: broken is unavailable: no permission." in text
    for name in ("sum of layers", "whole model", "not in a layer"):
        assert any(line.startswith(f" {name}") for line in text.splitlines())


def test_what_may_have_wrapped_is_marked() -> None:
    report = profile(FakeBoard(wrapped=(1, 0)), repeat=2, counters=["macs", "queue"])
    text = table.render(report)
    marked = [line for line in text.splitlines() if line.startswith(" layer 1")]
    assert len(marked) == 1 and "2,080!" in marked[0] and "3!" not in marked[0]
    assert "1,080!" not in text
    assert "may have wrapped more than once, so it may be too small: npu:macs." in text


def test_stuck_is_never_shown_as_zeros_and_zeros_take_no_column() -> None:
    report = profile(FakeBoard(stuck=("npu:macs",)), repeat=2, counters=["macs", "busy"])
    row = report.rows[0]
    zeros = replace(
        report,
        rows=(replace(row, counters=(row.counters[0], replace(row.counters[1], raw=(0, 0)))),),
    )
    text = table.render(zeros)
    assert "0 in every row: npu:busy." in text
    assert " stuck" in text and "busy" not in text.split("Cost of")[0]


def test_top_and_sort(report: Report) -> None:
    def names(text: str) -> list[str]:
        lines = text.split("─\n")[1].splitlines()[:-1]
        return [line.split("  ")[0].strip() for line in lines]

    assert names(table.render(report, sort="index")) == ["conv_0", "conv_1", "conv_2"]
    assert names(table.render(report, sort="time")) == ["conv_2", "conv_1", "conv_0"]
    assert names(table.render(report, sort="npu:busy", top=1)) == ["conv_2", "2 more"]
    assert names(table.render(report, top=2)) == ["conv_2", "conv_1", "1 more"]
    assert names(table.render(report, sort="name", top=9)) == ["conv_0", "conv_1", "conv_2"]
    for arguments in ({"sort": "nothing"}, {"top": 0}):
        with pytest.raises(UsageError):
            table.render(report, **arguments)


def test_a_narrow_table_goes_on_below(report: Report) -> None:
    text = table.render(report, width=60)
    assert max(len(line) for line in text.splitlines()) <= 60
    assert sum(line.startswith(" conv_1") for line in text.splitlines()) > 2
    assert "stuck" in text and "busy" in text


def test_reading_a_report_needs_neither_tvm_nor_pandas(report: Report, tmp_path: Path) -> None:
    exports.save(report, tmp_path / "r.json")
    code = (
        "import sys\n"
        "from zephyr_counters.report import exports, table\n"
        f"report = exports.load({str(tmp_path / 'r.json')!r})\n"
        "table.render(report), exports.to_csv(report), exports.to_trace(report)\n"
        "sys.exit(any(name in sys.modules for name in ('tvm', 'pandas', 'numpy')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_statistics() -> None:
    found = summarize([4, 1, 3, 2, 100])
    assert (found.n, found.median, found.mean, found.min, found.max) == (5, 3, 22, 1, 100)
    assert found.mad == 1
    assert summarize([7]).stdev == 0


def test_rank_test_against_published_values() -> None:
    """Exact two-sided p of Mann and Whitney's U: 2 / C(n+m, n) for sets that do not overlap."""
    assert rank_test([1, 2, 3], [4, 5, 6]) == pytest.approx(0.1)
    assert rank_test([1, 2, 3, 4, 5], [6, 7, 8, 9, 10]) == pytest.approx(2 / 252)
    assert rank_test([1, 3, 5], [2, 4, 6]) == pytest.approx(0.7)
    assert rank_test([5, 5, 5], [5, 5, 5]) == 1
    assert rank_test([], [1]) == 1
    many = list(range(30))
    assert rank_test(many, [value + 0.5 for value in many]) > 0.7
    assert rank_test(many, [value + 20 for value in many]) < 1e-4


@given(
    st.lists(st.integers(0, 5), min_size=1, max_size=8),
    st.lists(st.integers(0, 5), min_size=1, max_size=8),
)
def test_rank_test_is_a_probability_and_symmetric(left: list[int], right: list[int]) -> None:
    p = rank_test(left, right)
    assert 0 < p <= 1
    assert p == pytest.approx(rank_test(right, left))
