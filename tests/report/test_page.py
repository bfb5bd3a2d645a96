# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The page as text: complete without a browser, and safe whatever the names are."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from made_up import report, row
from page_sample import HOSTILE, checked, sample
from zephyr_counters.blob.records import Origin
from zephyr_counters.formats.model_archive import Layer, Tensor
from zephyr_counters.measure.lifetimes import live_at
from zephyr_counters.report import exports
from zephyr_counters.report.explain import explain, roofs_of
from zephyr_counters.report.explain.facts import facts_of
from zephyr_counters.report.page import distribution, render
from zephyr_counters.report.page.memory import memory
from zephyr_counters.report.page.roofline import charts
from zephyr_counters.report.page.scale import around
from zephyr_counters.report.page.text import brief, count, fitting, number, percent, time
from zephyr_counters.report.page.timeline import WIDTH, timeline
from zephyr_counters.report.roof import Roof, RoofUnit


def test_the_page_is_whole_without_javascript() -> None:
    text = render(sample())
    checked(text)
    for part in ("Work on these first", "One inference", "Roofline", "Memory", "Distribution"):
        assert part in text
    assert "The array waited 40% of its busy cycles for the DMA." in text
    assert len(text.encode()) < 300_000


def test_the_page_needs_no_other_file_and_no_network() -> None:
    found = checked(render(sample()))
    assert not {tag for tag, _ in found.tags} & {"link", "img", "iframe", "object", "base"}
    for tag, attributes in found.tags:
        assert "src" not in attributes and "style" not in attributes, tag
        assert not [name for name in attributes if name.startswith("on")]
        assert (attributes.get("href") or "#").startswith("#")
    (policy,) = [one["content"] for tag, one in found.tags if "http-equiv" in one]
    assert policy is not None and policy.startswith("default-src 'none'")
    assert "unsafe" not in policy


def test_hostile_names_do_nothing() -> None:
    plain, hostile = checked(render(sample())), checked(render(sample(HOSTILE)))
    assert [tag for tag, _ in hostile.tags] == [tag for tag, _ in plain.tags]
    assert "{{7*7}}" in render(sample(HOSTILE))
    strange = replace(sample(), notes=(HOSTILE,), generator=HOSTILE, created=HOSTILE)
    assert [tag for tag, _ in checked(render(strange)).tags].count("script") == 1


def test_hostile_names_cannot_reverse_text_or_control_a_terminal() -> None:
    text = render(sample(HOSTILE))
    assert "\x1b" not in text and "\u202e" not in text


def test_an_empty_report_and_a_report_of_regions_have_pages() -> None:
    checked(render(replace(report([]), passes=(), rows=())))
    text = render(report([row(100, name="mine", origin=Origin.USER)]))
    assert "These are regions or functions" in text and "One inference" not in text
    checked(render(report([row(0, {"a:cycles": 0}, macs=0)])))


def test_a_notebook_shows_the_page_in_a_frame_of_its_own() -> None:
    shown = sample(HOSTILE)._repr_html_()
    (frame,) = checked(shown).tags
    assert frame[0] == "iframe" and frame[1]["sandbox"] == "allow-scripts"
    assert frame[1]["srcdoc"] == render(sample(HOSTILE))


def test_it_is_an_export(tmp_path: Path) -> None:
    exports.save(sample(), tmp_path / "r.html")
    assert (tmp_path / "r.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_the_timeline_is_in_the_records_order_and_shows_what_is_in_no_layer() -> None:
    found = timeline(sample(), explain(sample()))
    assert [one.tag for one in found.boxes] == [0, 1]
    assert [one.x for one in found.boxes] == [0, pytest.approx(WIDTH * 1010 / 1600)]
    assert found.rest[1] == pytest.approx(WIDTH * 90 / 1600)


def test_a_strip_marks_repetitions_and_says_what_is_beyond() -> None:
    one = distribution.strip(sample(), sample().rows[0], "memory")
    assert (one.least, one.median, one.most) == ("990 ns", "1.01 µs", "5.00 µs")
    assert one.marks[-1] == 100 and one.beyond == "1 beyond, up to 4.95×"
    many = row(range(1000, 2000))
    assert len(distribution.strip(report([many]), many, "x").marks) <= 65


def test_a_strip_shows_the_medians_of_runs() -> None:
    layer = row([90, 100, 110, 140, 150, 160])
    runs = replace(report([layer]), runs=(3, 3))
    one = distribution.strip(runs, layer, "x")
    assert one.between == "100 ns to 150 ns" and len(one.runs) == 2
    assert distribution.strip(report([layer]), layer, "x").runs == ()
    assert "median of a run" in render(runs) and "median of a run" not in render(sample())


def test_memory_names_the_peak() -> None:
    found = memory(sample())
    assert (found.peak, found.peak_name) == ("96 bytes", "conv")
    assert [(one.name, one.text, one.life) for one in found.peak_tensors] == [
        ("conv", "64 bytes", "written by this layer, needed until pool"),
        ("x", "32 bytes", "written by this layer, not needed after it"),
    ]
    assert [one.height for one in found.steps] == [100, pytest.approx(100 * 64 / 96)]
    assert memory(report([row(10)])) is None


def test_lifetimes() -> None:
    """A residual: `a` is still live while `b` is computed; weights are never in RAM."""

    def tensor(name: str, constant: bool = False) -> Tensor:
        return Tensor(name, (4,), "int16", constant)

    def layer(index: int, inputs: str, output: str) -> Layer:
        read = (*map(tensor, inputs), tensor("w", True))
        return Layer(index, output, "k", (), read, (tensor(output),), 0, 0, 0, None)

    layers = [layer(0, "i", "a"), layer(1, "a", "b"), layer(2, "ab", "c"), layer(3, "c", "o")]
    live = [set(live_at(layers, index)) for index in range(4)]
    assert live == [{"i", "a"}, {"a", "b"}, {"a", "b", "c"}, {"c", "o"}]
    assert live_at(layers, 0) == {"i": 8, "a": 8}


def test_numbers_for_people() -> None:
    assert [time(1.5), time(2e-4), time(9.34e-5), time(0)] == [
        "1.50 s",
        "200 µs",
        "93.4 µs",
        "0.00 ns",
    ]
    assert [time(9.9999e-8), time(9.9999e-4)] == ["100 ns", "1.00 ms"]
    assert [count(7), count(147_456), count(2.5e9), count(0.5)] == ["7", "147 k", "2.50 G", "0.50"]
    assert [number(3_081_340), number(0), number(2.5)] == ["3,081,340", "0", "2.5"]
    assert [percent(0), percent(0.0004), percent(0.5), percent(1)] == [
        "0.0%",
        "<0.1%",
        "50.0%",
        "100%",
    ]
    assert [fitting("layer", 40), fitting("layers", 35), fitting("layer", 20)] == [
        "layer",
        "laye…",
        "",
    ]


def test_logarithmic_axes() -> None:
    axis = around([3.0, 50.0], 0, 100)
    assert (axis.low, axis.high) == (1, 128)
    assert [axis.at(1), axis.at(128), axis.at(0.001), axis.at(1e9)] == [0, 100, 0, 100]
    assert axis.ticks() == [1, 2, 4, 8, 16, 32, 64, 128]
    assert re.fullmatch(r"\d+", str(len(around([1e-9, 1e9], 0, 1).ticks())))
    assert len(around([1e-9, 1e9], 0, 1).ticks()) <= 9


def test_names_in_charts_leave_out_the_folders_they_share() -> None:
    assert brief(["net/a/Relu", "net/b/Relu", "out"]) == {
        "net/a/Relu": "a/Relu",
        "net/b/Relu": "b/Relu",
        "out": "out",
    }
    for names in (["net/a"], ["a/x", "b/y", "c"], ["net/x", "net/y", "x"], ["x"], []):
        assert list(brief(names).values()) == names


def test_what_the_counters_cannot_explain_comes_first() -> None:
    rows = [
        row(9000, macs=9, name="large", ops=("conv2d",)),
        row(960, macs=0, tag=1, name="move", ops=("quantize",), bytes_read=8),
        row(40, macs=0, tag=2, name="tiny", ops=("quantize",), bytes_read=8),
    ]
    text = render(report(rows))
    assert "90.0% of the time is in layers that these numbers cannot explain." in text
    first = text[text.index("Work on these first") : text.index('<section id="layers"')]
    assert "move" in first and "tiny" not in first
    assert "cannot explain" not in render(sample())


def test_the_roofline_has_all_measured_roofs() -> None:
    layer = row([1000] * 5, macs=1500, bytes_read=100, bytes_written=50, ops=("conv2d",))
    roofs = (
        Roof("loads from RAM, 2 KiB", RoofUnit.BYTES, 4e9),
        Roof("loads from RAM, 1024 KiB", RoofUnit.BYTES, 1e9),
        Roof("stores to RAM, 1024 KiB", RoofUnit.BYTES, 0.9e9),
        Roof("int32 MACs, single", RoofUnit.MACS, 2e9),
    )
    measured = replace(report([layer], clock_hz=1_000_000_000), roofs=roofs)
    limits = roofs_of(measured)
    (chart,) = charts(measured, facts_of(measured, limits), explain(measured, None, limits), limits)
    assert chart.ceiling is not None and chart.slope is not None
    assert chart.ceiling[2] == "2 MACs/cycle" and chart.slope[4] == "4 bytes/cycle"
    # The third is hardly lower than the second.
    assert [line[4] for line in chart.lower] == ["loads from RAM, 1024 KiB"]
    assert len(chart.measured) == 4 and chart.measured[0] == (
        "loads from RAM, 2 KiB: 4,000 million bytes per second"
    )
    text = render(measured)
    checked(text)
    assert "All measured roofs" in text and "All measured roofs" not in render(sample())


def test_warm_up_and_the_kernels_candidate_are_shown() -> None:
    layer = row(1000, kernel="k", candidate="dsp/conv", sources=("dq", "conv"))
    warm = replace(layer, ticks=(replace(layer.ticks[0], warmup=(64_000,)),))
    text = render(report([warm]))
    assert "(warm-up 64.0 µs)" in text and "Kernel k (dsp/conv) on core." in text
    assert "From the model's nodes dq, conv." in text
    assert "warm-up" not in render(report([layer]))
