# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The page of a comparison, as text."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from made_up import report, row
from page_sample import HOSTILE, checked, sample
from zephyr_counters.blob.records import Origin
from zephyr_counters.cli.main import main
from zephyr_counters.report import Report, compare, exports
from zephyr_counters.report.page import render_comparison
from zephyr_counters.report.page.change import view


def measured(conv: int, pool: int, macs: int = 10) -> Report:
    rows = [
        row(conv, {"npu:macs": macs}, name="conv"),
        row(pool, {"npu:macs": 0}, name="pool", tag=1),
        row(conv + pool, name="model", tag=2, origin=Origin.WHOLE),
    ]
    return report(rows)


def test_the_whole_model_is_first_and_every_number_is_the_comparisons() -> None:
    comparison = compare(measured(1000, 500), measured(2000, 400, 20))
    whole, conv, pool = view(comparison)["lines"]
    assert whole.whole and whole.time.percent == "+60.0%"
    assert (conv.time.before, conv.time.after) == ("1.00 µs", "2.00 µs")
    assert (conv.time.change, conv.time.kind, conv.bar) == ("+1.00 µs", "higher", (50, 50))
    assert (pool.time.change, pool.time.kind) == ("−100 ns", "lower")
    assert pool.bar == (pytest.approx(45), pytest.approx(5))
    assert (conv.others, pool.others) == (1, 0)
    text = render_comparison(comparison)
    checked(text)
    assert "Whole model: " in text and "+1.00 µs" in text and "exact" in text
    assert len(text.encode()) < 300_000


def test_what_is_in_one_report_only_is_named() -> None:
    before = measured(1000, 500)
    after = replace(before, rows=before.rows[1:])
    assert "Only before: conv." in render_comparison(compare(before, after))
    checked(render_comparison(compare(replace(before, rows=()), before)))


def test_hostile_names_do_nothing() -> None:
    plain = compare(sample("conv2"), sample("conv2"))
    hostile = compare(sample(HOSTILE), sample(HOSTILE))
    tags = [tag for tag, _ in checked(render_comparison(hostile)).tags]
    assert tags == [tag for tag, _ in checked(render_comparison(plain)).tags]


def test_compare_saves_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, pool in (("a", 500), ("b", 400)):
        exports.save(measured(1000, pool), tmp_path / f"{name}.json")
    page = tmp_path / "page.html"
    argv = ["compare", str(tmp_path / "a.json"), str(tmp_path / "b.json"), "--html", str(page)]
    assert main(argv) == 0
    assert "−100 ns" in page.read_text(encoding="utf-8")
    assert main(argv) == 2
    assert "--force overwrites it" in capsys.readouterr().err
