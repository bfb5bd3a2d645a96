# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What ST's tools print, as reports."""

from __future__ import annotations

from pathlib import Path

import pytest
from st_reports import CONSOLE, HOST, NPU, ST, X_CUBE_AI_3, X_CUBE_AI_7
from zephyr_counters.errors import BlobError
from zephyr_counters.report import Report, importers, table

TITLES = (
    "Inference time per node",
    "Inference time by c-node",
    "c_id  m_id  desc",
    "Clayer  id  desc",
)


def loaded(folder: Path, text: str) -> Report:
    padded = "".join(f"{line:<100}\r\n" for line in text.splitlines())  # as ST's tables are
    (folder / "report.txt").write_text(padded, encoding="utf-8")
    return importers.load(folder / "report.txt")


def microseconds(report: Report) -> dict[str, int]:
    return {row.name: row.ticks[0].raw[0] for row in report.rows}


def test_sts_report(tmp_path: Path) -> None:
    report = loaded(tmp_path, ST)
    assert microseconds(report) == {"conv_0": 2100, "relu": 1050, "kws": 3210}
    assert [row.series("imported:cycles").raw for row in report.layers] == [
        (1_008_000,),
        (504_000,),
    ]
    assert report.generator == "ST Edge AI Core v2.1.0-20194 329b0e98d"
    assert (report.board, report.created) == ("stm32h7", "2026-06-08 11:03:03")
    assert "means of 10 samples" in report.notes[0]


def test_epochs_of_the_npu(tmp_path: Path) -> None:
    """The core prepares an epoch, the NPU runs it, the core cleans up."""
    report = loaded(tmp_path, NPU)
    assert microseconds(report) == {
        "EpochBlock_1": 1500,
        "EpochBlock_2": 250,
        "EpochBlock_3": 250,
        "model": 2000,
    }
    assert [row.accelerator for row in report.layers] == ["NPU", "NPU", None]
    counts = {one.name: one.raw for one in report.layers[0].counters}
    assert counts == {
        "imported:pre-cycles": (80_000,),
        "imported:core-cycles": (1_100_000,),
        "imported:post-cycles": (20_000,),
    }
    assert report.board == "stm32 family - 0x486 - STM32N6xx @800/400MHz"


def test_a_report_without_nodes_has_the_whole_model(tmp_path: Path) -> None:
    report = loaded(tmp_path, HOST)
    assert microseconds(report) == {"actor": 18} and not report.layers
    assert report.board == "x86_64, x86_64, Linux"
    assert "no durations of nodes" in report.notes[1] and "means of 10 samples" in report.notes[0]
    assert "whole model" in table.render(report)


def test_tables_of_x_cube_ai(tmp_path: Path) -> None:
    report = loaded(tmp_path, X_CUBE_AI_7)
    assert microseconds(report) == {"Conv2D": 1000, "NL": 250, "model": 1250}
    assert report.board == "0x450 - STM32H743 @480/240MHz fpu,art_lat4"
    assert report.generator == "Neural Network Tools for STM32AI v1.6.0 (STM.ai v7.1.0-RC3)"
    report = loaded(tmp_path, X_CUBE_AI_3)
    assert microseconds(report) == {
        "Merged Conv2d / Pool": 60_000,
        "Dense": 30_400,
        "Softmax": 100,
        "model": 90_500,
    }
    assert "means of 8 samples" in report.notes[0]


def test_the_console_of_ai_system_performance(tmp_path: Path) -> None:
    report = loaded(tmp_path, CONSOLE)
    assert microseconds(report) == {"TD-OPTIMIZED_CONV2D": 2000, "DENSE": 480, "model": 2500}
    assert "means of 16 samples" in report.notes[0]
    commas = loaded(tmp_path, CONSOLE.replace("2.000  80", "2,000  80"))
    assert microseconds(commas) == microseconds(report)


@pytest.mark.parametrize(
    "title", ["Inference time per node", "ST.AI Profiling results", "Clayer  id  desc"]
)
def test_a_title_without_durations_is_an_error(tmp_path: Path, title: str) -> None:
    with pytest.raises(BlobError, match="no node with a duration"):
        loaded(tmp_path, f"{title}\n")


@pytest.mark.parametrize(
    "title", ["Inference time per node", "c_id  m_id  desc", "Inference time by c-node"]
)
def test_a_long_line_takes_no_long_time(title: str) -> None:
    line = "0 0 " + "a (1, " * 100_000
    with pytest.raises(BlobError):
        importers.st.IMPORTER.read(f"{title}\n{line}\n".encode() * 50, None)
