# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What other profilers measured, as reports."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_fixtures import Install
from hypothesis import example, given, settings
from hypothesis import strategies as st
from st_reports import ST, ST_REPORTS
from zephyr_counters.cli.main import main
from zephyr_counters.errors import BlobError, UsageError
from zephyr_counters.report import Report, compare, exports, importers, table
from zephyr_counters.report.importers import IMPORTERS
from zephyr_counters.report.page import render

HZ = 64_000_000
GROUP = "zephyr_counters.importers"

TFLM = """\
hello from the board
"Event","Tag","Ticks"
0,CONV_2D,6400
1,CONV_2D,3200
2,SOFTMAX,640

"Event","Tag","Ticks"
0,CONV_2D,6464
1,CONV_2D,3200
2,SOFTMAX,640
~~~ALL TESTS PASSED~~~
"""
TFLM_TOTALS = """\
"Unique Tag","Total ticks across all events with that tag."
CONV_2D, 9600
SOFTMAX, 640
"total number of ticks", 10240
"""


TFLM_BENCHMARK = """\
"Unique Tag","Total ticks across all events with that tag."
tflite::GetModel, 4
tflite::MicroInterpreter::AllocateTensors, 1000
"total number of ticks", 1004

Input CRC32: 0x14F6A510

CONV_2D took 6400 ticks (0 ms).
CONV_2D took 3200 ticks (0 ms).
SOFTMAX took 640 ticks (0 ms).

"Unique Tag","Total ticks across all events with that tag."
CONV_2D, 9604
SOFTMAX, 1640
"total number of ticks", 10240
"""


LOGS = (TFLM, TFLM_TOTALS, TFLM_BENCHMARK, *ST_REPORTS)


def saved(path: Path, content: str | bytes, name: str = "file") -> Path:
    data = content.encode() if isinstance(content, str) else content
    (path / name).write_bytes(data)
    return path / name


def microseconds(report: Report) -> dict[str, float]:
    return {row.name: round(report.seconds(row).median * 1e6, 6) for row in report.rows}


def test_tables_of_tflm_are_repetitions(tmp_path: Path) -> None:
    report = importers.load(saved(tmp_path, TFLM), HZ)
    assert microseconds(report) == {"CONV_2D 1": 100.5, "CONV_2D 2": 50, "SOFTMAX": 10}
    assert [row.ops for row in report.layers] == [("conv_2d",), ("conv_2d",), ("softmax",)]
    assert report.layers[0].ticks[0].raw == (6400, 6464)


def test_sums_of_tflm(tmp_path: Path) -> None:
    report = importers.load(saved(tmp_path, TFLM_TOTALS), HZ)
    assert microseconds(report) == {"CONV_2D": 150, "SOFTMAX": 10, "model": 160}
    assert any("together" in note for note in report.notes)


def test_the_total_of_an_older_tflm_has_no_quotes(tmp_path: Path) -> None:
    older = TFLM_TOTALS.replace('"total number of ticks"', "total number of ticks")
    assert len(importers.load(saved(tmp_path, older), HZ).layers) == 2


def test_the_benchmark_of_tflm(tmp_path: Path) -> None:
    """Lines of single events, between sums of what is before the model, and wrong sums."""
    report = importers.load(saved(tmp_path, TFLM_BENCHMARK), HZ)
    assert microseconds(report) == {"CONV_2D 1": 100, "CONV_2D 2": 50, "SOFTMAX": 10}
    sums = "\n".join(one for one in TFLM_BENCHMARK.splitlines() if " took " not in one)
    report = importers.load(saved(tmp_path, sums), HZ)
    assert microseconds(report)["model"] == 160 and len(report.layers) == 2
    assert any("add up to 11244 ticks and not to its total of 10240" in one for one in report.notes)
    twice = importers.load(saved(tmp_path, TFLM_BENCHMARK * 2), HZ)
    assert twice.layers[0].ticks[0].raw == (6400, 6400)


def test_tflm_does_not_say_how_long_a_tick_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = saved(tmp_path, TFLM)
    assert main(["show", str(path)]) != 0
    error = capsys.readouterr().err
    assert "TFLM does not write how long a tick is" in error and "--tick-hz N" in error
    assert main(["show", str(path), "--tick-hz", str(HZ), "--json", f"{path}.json"]) == 0
    assert main(["compare", f"{path}.json", f"{path}.json"]) == 0


def test_events_of_another_model_are_refused(tmp_path: Path) -> None:
    path = saved(tmp_path, TFLM + TFLM.replace("SOFTMAX", "RESHAPE"))
    with pytest.raises(BlobError, match="table 3 has other events"):
        importers.load(path, HZ)
    with pytest.raises(BlobError, match="has no event"):
        importers.load(saved(tmp_path, '"Event","Tag","Ticks"\n1,CONV_2D,5\n'), HZ)


@pytest.mark.parametrize("content", LOGS)
def test_an_imported_report_is_like_any_other(tmp_path: Path, content: str) -> None:
    report = importers.load(saved(tmp_path, content), HZ)
    assert exports.from_json(exports.to_json(report)) == report
    assert importers.load(saved(tmp_path, exports.to_json(report))) == report
    assert table.render(report) and render(report)
    for one in exports.EXPORTS:
        assert one.to_bytes(report)
    assert compare(report, report).pairs


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff\xfe", "not UTF-8"),
        ("just text", "is not a report"),
        ("{", "not JSON"),
        ('{"a": 1}', "JSON is not a report"),
    ],
)
def test_damaged_files(tmp_path: Path, content: str | bytes, message: str) -> None:
    path = saved(tmp_path, content)
    with pytest.raises(BlobError, match=message) as raised:
        importers.load(path, HZ)
    assert str(raised.value).startswith(str(path))


def test_a_file_that_is_too_large_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importers, "MOST_BYTES", 1 << 20)
    with pytest.raises(BlobError, match="larger than 1 MiB"):
        importers.load(saved(tmp_path, bytes((1 << 20) + 1)))


def test_too_many_layers_are_refused(tmp_path: Path) -> None:
    lines = "\n".join(f"{index},ADD,1" for index in range(10_001))
    with pytest.raises(BlobError, match="10001 layers"):
        importers.load(saved(tmp_path, f'"Event","Tag","Ticks"\n{lines}\n'), HZ)


@settings(max_examples=200)
@example("0", TFLM_TOTALS, 59)
@given(
    st.text(),
    st.sampled_from(LOGS),
    st.integers(0, 2000),
)
def test_any_text_in_a_log_is_an_error_or_a_report(text: str, log: str, at: int) -> None:
    data = (log[:at] + text + log[at:]).encode("utf-8", "surrogatepass")
    for importer in IMPORTERS:
        if importer.detects(data):
            try:
                importer.read(data, HZ)
            except BlobError:
                continue


THEIRS = """
from zephyr_counters.report.importers import Region, Source, made

class Theirs:
    name = "acme's profile"

    def detects(self, data):
        return data.startswith(b"ACME")

    def read(self, data, tick_hz):
        return made(Source("acme", 1000), [Region("layer", [int(data.split()[1])])])

IMPORTER = Theirs()
"""


def test_an_importer_of_another_package(
    install: Install, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    install("acme_importer", THEIRS, GROUP, "IMPORTER")
    path = saved(tmp_path, "ACME 5")
    assert importers.load(path).seconds(importers.load(path).layers[0]).median == 0.005
    saved(tmp_path, ST, "st.txt")
    assert main(["compare", str(path), str(tmp_path / "st.txt")]) == 0
    install("no_importer", "IMPORTER = 5", GROUP, "IMPORTER")
    with pytest.raises(UsageError, match="is not an Importer"):
        importers.load(path)
