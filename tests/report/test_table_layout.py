# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Tables at every width of a terminal: nothing cut, nothing empty, nothing that depends on luck."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from fake_board import FakeBoard, archive
from rich.cells import cell_len
from zephyr_counters.measure import profile
from zephyr_counters.report import Report, exports, table
from zephyr_counters.report.table import layout
from zephyr_counters.report.table.numbers import column

NAMES = (
    "model/features/block_1/expand/Relu6;model/features/block_1/expand/BatchNorm;bias",
    "model/features/block_2/depthwise",
    "model/features/глубина_層_3/project",
)


def named(report: Report, names: tuple[str, ...]) -> Report:
    rows = [replace(row, name=name) for row, name in zip(report.rows, names, strict=False)]
    return replace(report, rows=(*rows, *report.rows[len(rows) :]))


@pytest.fixture(scope="module")
def report() -> Report:
    return named(profile(FakeBoard(), repeat=3, archive=archive()), NAMES)


@pytest.fixture(scope="module")
def numbers(report: Report) -> set[str]:
    """Numbers of the table, whole because no width limits it."""
    words = table.render(report).split()
    return {word for word in words if word[0].isdigit() and "," in word}


@pytest.mark.parametrize("width", range(40, 221))
def test_nothing_is_cut_at_any_width(report: Report, numbers: set[str], width: int) -> None:
    text = table.render(report, width)
    lines = text.splitlines()
    assert max(cell_len(line) for line in lines) <= width
    assert "…" not in text and all(line.strip() for line in lines)
    # A wrapped name is in the first column, above or below its row.
    joined = "".join(line[1:].split("  ")[0].strip() for line in lines[1:])
    shared = "model/features/"
    prefix = shared if "Names of layers begin with" in text else ""
    for name in NAMES:
        assert name.removeprefix(prefix) in joined
    assert numbers and numbers <= set(text.split())


def test_a_width_is_what_is_drawn() -> None:
    for lengths in ((1,), (3, 1), (8, 20, 5), (2,) * 30):
        columns = [layout.Column(["h"], ["x" * length], left=True) for length in lengths]
        drawn = max(len(line) for line in layout.table(columns).splitlines())
        assert drawn == layout.width_of(columns)


def test_a_terminal_too_narrow_for_a_column_gets_longer_lines(report: Report) -> None:
    assert "block_2/depthwise" in "".join(
        line[1:17].strip() for line in table.render(report, 10).splitlines()
    )


@pytest.mark.slow
def test_a_name_of_many_characters_is_whole() -> None:
    name = "n" * 20_000
    assert name in table.render(named(profile(FakeBoard(), repeat=1), (name,)))


def test_operators_and_where_they_run_are_columns(report: Report) -> None:
    lines = table.render(report).splitlines()
    header = next(line for line in lines if line.startswith(" layer"))
    row = next(line for line in lines if line.startswith(f" {NAMES[1]}"))
    for name, value in (("operator", "conv2d"), ("on", "npu")):
        start = header.index(f" {name} ") + 1
        assert row[start:].startswith(f"{value} ")
    assert "operator" not in table.render(profile(FakeBoard(), repeat=1))


@pytest.mark.parametrize("noise", [0, 900_000, 9_999_000, -999])
def test_units_do_not_depend_on_the_values(noise: int) -> None:
    """Two runs on both sides of a power of ten have the same headers."""
    slow = profile(FakeBoard(slower=noise), repeat=1, archive=archive())
    headers = []
    for report in (profile(FakeBoard(), repeat=1, archive=archive()), slow):
        text = table.render(report)
        lines = text.splitlines()
        start = next(index for index, line in enumerate(lines) if line.startswith(" layer"))
        headers.append(" ".join(lines[start].split()))
        assert " µs per region" in text and " ns" not in text and " ms" not in text
    assert headers[0] == headers[1] and "MB/s" in headers[0]


def test_a_zero_has_no_sign() -> None:
    assert column([-0.01, 120.5], places=1) == ["0.0", "120.5"]
    assert column([-0.26, 120.5], places=1) == ["-0.3", "120.5"]


def test_a_model_smaller_than_the_cost_of_measuring_says_so() -> None:
    small = profile(FakeBoard(overhead=90_000, nested=11), repeat=2, archive=archive())
    text = table.render(small)
    assert text.count("takes less time (") == 1 and "than measuring it costs" in text
    (line,) = [line for line in text.splitlines() if line.startswith(" not in a layer")]
    assert line.split() == ["not", "in", "a", "layer"]
    large = table.render(profile(FakeBoard(), repeat=2, archive=archive()))
    assert "takes less time" not in large


@pytest.mark.slow
def test_text_is_plain_whatever_the_environment_says(report: Report, tmp_path: Path) -> None:
    """FORCE_COLOR, a notebook and a terminal's type change no character."""
    exports.save(report, tmp_path / "r.json")
    code = (
        "import sys\n"
        "from zephyr_counters.report import exports, table\n"
        "sys.stdout.reconfigure(encoding='utf-8')\n"
        f"report = exports.load({str(tmp_path / 'r.json')!r})\n"
        "print(table.render(report, 100), str(report), end='')"
    )
    found = set()
    for extra in (
        {},
        {"FORCE_COLOR": "1"},
        {"TTY_INTERACTIVE": "1", "TERM": "dumb"},
        {"COLUMNS": "50"},
    ):
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={"PATH": "", "PYTHONPATH": ":".join(sys.path), **extra},
            capture_output=True,
            check=True,
        )
        assert b"\x1b" not in done.stdout
        found.add(done.stdout)
    assert len(found) == 1


def test_text_is_plain_in_a_notebook(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rich.console._is_jupyter", lambda: True)
    assert NAMES[1] in table.render(report)


HOSTILE = (
    "\x1b]0;owned\x07\x1b[2J",
    "line\nnot in a layer  20  0.0",
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "right\u202eleft\x9b31m\r",
)


def test_names_control_neither_a_terminal_nor_a_spreadsheet() -> None:
    report = named(profile(FakeBoard(layers=5), repeat=1), HOSTILE)
    for width in (None, 60):
        text = table.render(report, width)
        assert all(one.isprintable() or one == "\n" for one in text)
    text = table.render(report)
    assert text.count("\n not in a layer") == 1
    assert "\\x1b]0;owned\\x07\\x1b[2J" in text
    csv = exports.to_csv(report)
    assert all(one.isprintable() or one in "\r\n" for one in csv)
    assert "'=cmd|' /C calc'!A0" in csv and "'@SUM(1+1)" in csv
    assert ",=" not in csv and ",@" not in csv
    assert exports.from_json(exports.to_json(report)) == report
