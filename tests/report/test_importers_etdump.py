# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""ExecuTorch's ETDump as a report, with files of ExecuTorch itself (tests/vectors/etdump)."""

from __future__ import annotations

import base64
import json
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from zephyr_counters.errors import BlobError
from zephyr_counters.report import compare, exports, importers, table
from zephyr_counters.report.importers.etdump import IMPORTER
from zephyr_counters.report.page import render

FOLDER = Path(__file__).parents[1] / "vectors" / "etdump"
INSPECTOR = json.loads((FOLDER / "inspector.json").read_text(encoding="utf-8"))
# Made by flatc of executorch 1.5.1 from JSON and its etdump_schema_flatcc.fbs: a block that loads a
# program and two that execute a method. Instruction 0 is a kernel, 1 a delegate with two events.
ETDUMP = zlib.decompress(
    base64.b85decode(
        "c-oCrKTE?<5PykPgG4Qwp<st1ouyNeB4V|{C8Ct#AVP_4)I!=oNs5D`AH%_q&_xjk5h=yR#o4JJz|o<$iFbL"
        "ICM^{_xZb^Y?|!*IKPoZC)IuiH9(rC3{29<BI30m8JP&?6?~eRAP!0SzXb1dj&@IMe;(+Jldj;$+9za%Sxm^"
        "Z5FzidKn#&niM#ZrWmZh9Dd^-siVA(z8eUn951TCnVx}Ptp<-NS7!MO>!39t%F`fu>L1S-RgLRe^fg!4rfP1"
        "7(P^dCkTDax1qH*uEmbAy_2CQp>#i{M-s^*Z`4^>I7ocqkgZYsbPK4v*AgzI0d&ddSku(=P8H<#-|wWev2U+"
        "qITauIQ#&u2_whWjc1vYHV1J&E|23G*cO>4|>6FHbv+|<n`jaM`)-Ds(`-0`3Cfq`sohCnMOVjSaE+I7(1c6"
        "bs>yT+pXkpBSt$x48=c5G}E03{<h2K@agjJWBi?BOTynAXu0A3LJr8I{b6c~c+e-j7~zQ+7svU~9pR;?@*x%"
        "B!w2E@BYi|UvEof~i%Y=IVBb};Z)}|JlUzCT#&<J`7x1n@_W7UO5vcB0kM97_I&mfBluUf!6S<@ufp&}k3=-"
        "VTQ5_2WPU8>i0^KPQd(^ZpntDB#GcCPZuKP@4R71fy*B#Slzi0fcum"
    )
)


@pytest.mark.parametrize("name", INSPECTOR)
def test_a_file_of_executorch_has_the_values_of_its_inspector(name: str) -> None:
    """An operator has one event for its kernel and one around it; a delegate's call has its own."""
    report = importers.load(FOLDER / f"{name}.etdp")
    expected = []
    inside: list[list[int]] = []
    for event, delegate, raw in INSPECTOR[name]:
        if delegate:
            inside.append(raw)
        if event == "DELEGATE_CALL":
            left = [all_ - sum(parts) for all_, *parts in zip(raw, *inside, strict=True)]
            expected.append(("rest of the delegate's call", tuple(left), "delegate"))
        elif event not in ("OPERATOR_CALL", "Method::execute"):
            unit = "delegate" if delegate else None
            expected.append((event.removeprefix("native_call_"), tuple(raw), unit))
    found = [(row.name, row.ticks[0].raw, row.accelerator) for row in report.layers]
    assert found == expected
    assert report.whole is not None
    assert ["Method::execute", False, [*report.whole.ticks[0].raw]] in INSPECTOR[name]


def test_such_a_report_is_like_any_other() -> None:
    """Both nets have the sum on the core, so that they compare."""
    portable, xnnpack = (importers.load(FOLDER / f"{name}.etdp") for name in INSPECTOR)
    assert exports.from_json(exports.to_json(xnnpack)) == xnnpack
    text = table.render(xnnpack)
    assert "Interrupts" not in text and "record buffer" not in text
    assert "is what it takes besides its events" in text
    page = render(portable)
    assert "interrupts" not in page and "it was subtracted" not in page
    for one in exports.EXPORTS:
        assert one.to_bytes(xnnpack)
    found = compare(portable, xnnpack)
    assert "cumsum.out" in [pair.name for pair in found.pairs] and found.whole is not None
    assert found.before == "unknown board, measured by ExecuTorch"
    assert not [note for note in found.notes if "differ:" in note]


def test_runs_of_another_method_are_left_out() -> None:
    """Each run of a file is a block with the events of one method; those of the longest count."""
    data = bytearray((FOLDER / "portable.etdp").read_bytes())
    at = data.index(b"native_call_cumsum.out")  # the last run is the first in the file
    data[at + 12 : at + 18] = b"CUMSUM"
    report = IMPORTER.read(bytes(data), None)
    assert report.whole is not None and report.whole.ticks[0].raw == (328268, 24466)
    assert any("1 of 3 runs have other events" in one for one in report.notes)


def test_an_etdump_without_its_size() -> None:
    report = IMPORTER.read(ETDUMP, None)
    found = {row.name: (row.accelerator, row.ticks[0].raw) for row in report.rows}
    rest = found.pop("rest of the delegate's call")
    assert rest == ("delegate", (15, 13))
    assert found == {
        "convolution.out": (None, (80, 90)),
        "gemm": ("delegate", (40, 40)),
        "relu": ("delegate", (10, 12)),
        "model": (None, (200, 209)),
    }
    assert any("1 ns is assumed" in note for note in report.notes)
    slower = IMPORTER.read(ETDUMP, 1_000_000)
    assert slower.seconds(slower.layers[1]).median == pytest.approx(40e-6)
    assert not any("assumed" in one for one in slower.notes)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\x08\0\0\0ED00" + bytes(40), "ETDump"),
        (b"\xff\xff\xff\xffED00", "points outside"),
        (b"\xff\0\0\0\x08\0\0\0ED00", "was cut: 8 of 255 bytes"),
        (b"\x08\0\0\0\xff\xff\xff\xffED00" + bytes(40), "points outside"),
    ],
)
def test_damaged_files(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(BlobError, match=message) as raised:
        importers.load(path)
    assert str(raised.value).startswith(str(path))


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=200)
@given(st.data())
def test_any_damage_of_an_etdump_is_an_error_or_a_report(data: st.DataObject) -> None:
    files = [ETDUMP, (FOLDER / "xnnpack.etdp").read_bytes()]
    damaged = bytearray(data.draw(st.sampled_from(files)))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        damaged[at] = data.draw(st.integers(0, 255))
    cut = bytes(damaged[: data.draw(st.integers(8, len(damaged)))])
    try:
        report = IMPORTER.read(cut, None)
    except BlobError:
        return
    assert exports.from_json(exports.to_json(report)) == report
