# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What other profilers measured, as reports."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_fixtures import Install
from hypothesis import example, given, settings
from hypothesis import strategies as st
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
ST = """\
ST Edge AI Core v2.1.0-20194 329b0e98d
Created date          : 2026-06-08 11:03:03
Parameters            : validate --model kws.tflite --target stm32h7 --mode target

Exec/report summary (validate)
----------------------------------------------------------------------
target/series      :   stm32h7
model_name         :   kws
----------------------------------------------------------------------

 ST.AI Profiling results v2.0 - "network"
 ------------------------------------------------------------
 nb sample(s)   :   10
 duration       :   3.210 ms by sample (3.208/3.214/0.002)
 macc           :   2657088
 CPU cycles     :   [1,540,800]
 ------------------------------------------------------------

   Inference time per node
   ---------------------------------------------------------------------------------------
   c_id    m_id   type                   dur (ms)       %    cumul     CPU cycles   name
   ---------------------------------------------------------------------------------------
   0       0      Conv2D (0x103)            2.100   65.4%    65.4%   [ 1,008,000 ]   conv_0
   1       1      NL (0x107)                1.050   32.7%    98.1%   [   504,000 ]   relu
   ---------------------------------------------------------------------------------------
   n/a     n/a    Inter-nodal               0.060    1.9%   100.0%                  n/a
   ---------------------------------------------------------------------------------------
   total                                    3.210                   [ 1,512,000 ]
   ---------------------------------------------------------------------------------------
"""


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


def test_sts_report(tmp_path: Path) -> None:
    report = importers.load(saved(tmp_path, ST))
    assert microseconds(report) == {"conv_0": 2100, "relu": 1050, "kws": 3210}
    assert [row.series("imported:cycles").raw for row in report.layers] == [
        (1_008_000,),
        (504_000,),
    ]
    assert report.generator == "ST Edge AI Core v2.1.0-20194 329b0e98d"
    assert (report.board, report.created) == ("stm32h7", "2026-06-08 11:03:03")
    assert "means of 10 samples" in report.notes[0]


@pytest.mark.parametrize("content", [TFLM, TFLM_TOTALS, ST])
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
        ("Inference time per node\n", "no node with a duration"),
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
@given(st.text(), st.sampled_from([TFLM, TFLM_TOTALS, ST]), st.integers(0, 2000))
def test_any_text_in_a_log_is_an_error_or_a_report(text: str, log: str, at: int) -> None:
    data = (log[:at] + text + log[at:]).encode("utf-8", "surrogatepass")
    for importer in IMPORTERS:
        if importer.detects(data):
            try:
                importer.read(data, HZ)
            except BlobError:
                continue


def test_a_long_line_takes_no_long_time() -> None:
    line = "0 0 " + "a " * 100_000
    with pytest.raises(BlobError):
        importers.st.IMPORTER.read(f"Inference time per node\n{line}\n".encode() * 50, None)


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
