# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Verdicts in the output of commands."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_up import report, row
from page_sample import HOSTILE, sample
from zephyr_counters.cli.main import main
from zephyr_counters.report import exports
from zephyr_counters.report.table import render


def saved(path: Path, name: str = "conv") -> str:
    exports.save(sample(name), path / "r.json")
    return str(path / "r.json")


def test_a_table_has_one_word_per_layer() -> None:
    lines = render(sample()).splitlines()
    (first,) = [line for line in lines if line.startswith(" conv")]
    assert "bound by" in "".join(lines) and " memory " in first
    assert "bound by" not in render(report([row(1000)]))


def test_explain_shows_evidence_step_and_source(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["show", saved(tmp_path), "--explain"]) == 0
    text = capsys.readouterr().out
    assert "conv: memory (measured), 66.9% of the time\n  The array waited 40%" in text
    assert "    npu:stall-cycles: 400 cycles\n" in text
    assert "  Could save at most 40% of this layer, 26.8% of the model.\n" in text
    assert "  Source: extensions/mac-array/README.md\n" in text
    assert text.index("conv: memory") < text.index("pool: memory (a guess)")


def test_explain_one_layer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", saved(tmp_path), "--explain", "po*"]) == 0
    text = capsys.readouterr().out
    assert "pool: memory" in text and "conv: memory" not in text
    page = tmp_path / "r.html"
    assert main(["show", saved(tmp_path), "--html", str(page), "--explain", "nope"]) == 2
    error = capsys.readouterr().err
    assert "--explain nope: no layer has this name\n  hint: layers: conv, pool" in error
    assert page.exists()


def test_a_hostile_name_does_not_control_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["show", saved(tmp_path, HOSTILE), "--explain"]) == 0
    assert "\x1b" not in capsys.readouterr().out
