# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What the catalog says about clocks and providers reaches the table and the metrics."""

from __future__ import annotations

from dataclasses import replace

import pytest
from made_up import report, row
from zephyr_counters.blob.catalog import ClockKind
from zephyr_counters.blob.records import Measure, Origin
from zephyr_counters.report import Report, table
from zephyr_counters.report.metrics import COLLECTORS, with_metrics

WHOLE = {"name": "model", "tag": 2, "origin": Origin.WHOLE}


def line(text: str, name: str) -> list[str]:
    """The words of the table's first line that begins with a name."""
    return next(one.split() for one in text.splitlines() if one.startswith(f" {name}"))


def footer(text: str, words: str) -> str:
    """The table's lines from the one that begins with these words, on one line."""
    return " ".join(text[text.index(f"\n{words}") :].split())


def offloaded(simulated: bool) -> Report:
    """A layer on the core and one on an accelerator, with bytes that the latter counts."""
    moved = {"npu:bytes-in": 4000, "npu:busy-cycles": 500}
    layers = [
        row(20_000, name="first", ops=("relu",), bytes_read=100, bytes_written=100),
        row(
            30_000,
            moved,
            name="second",
            tag=1,
            ops=("conv2d",),
            accelerator="npu",
            bytes_read=100,
            bytes_written=100,
        ),
        row(60_000, moved, **WHOLE),
    ]
    made = report(layers, clock=ClockKind.HOST)
    catalog = replace(
        made.catalog,
        providers=tuple(replace(one, simulated=simulated) for one in made.catalog.providers),
    )
    counters = tuple(replace(one, simulated=simulated) for one in made.counters)
    return with_metrics(replace(made, catalog=catalog, counters=counters), COLLECTORS)


def test_a_simulated_accelerator_is_marked_and_its_time_is_not_compared() -> None:
    text = table.render(offloaded(simulated=True))
    assert "npu*" in text and " share" not in text.split("Clock of")[0]
    assert "A simulation of npu runs layers" in text
    assert footer(text, "* A simulation").startswith("* A simulation makes these values up: npu.")
    first, second, whole = offloaded(simulated=True).rows
    assert "tensors:bandwidth" in first.metrics
    assert not {"tensors:bandwidth", "npu:bandwidth"} & {*second.metrics, *whole.metrics}


def test_hardware_is_not_marked() -> None:
    text = table.render(offloaded(simulated=False))
    assert "*" not in text and "simulation" not in text and "share" in text
    _, second, whole = offloaded(simulated=False).rows
    assert {"tensors:bandwidth", "npu:bandwidth"} <= {*second.metrics}
    assert "npu:bandwidth" in whole.metrics


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (ClockKind.NONE, "dwt; 64 MHz"),
        (ClockKind.CORE, "dwt, of the core; 64 MHz"),
        (ClockKind.TIMER, "dwt, a timer; 64 MHz"),
        (ClockKind.HOST, "dwt, of the machine that runs the firmware; 64 MHz"),
    ],
)
def test_the_clock_and_its_resolution_are_shown(kind: ClockKind, words: str) -> None:
    made = report([row(1000)])
    catalog = replace(made.catalog, clock_hz=64_000_000, clock_kind=kind, clock_name="dwt")
    text = footer(table.render(replace(made, catalog=catalog)), "Clock of the times")
    assert text.startswith(f"Clock of the times: {words}, so a tick is 0.0156 µs.")


def test_a_region_shorter_than_100_ticks_is_marked() -> None:
    rows = [
        row([99, 99, 99, 100, 5000], name="short"),
        row([99, 100, 100], name="enough", tag=1),
        row(300, **WHOLE),
    ]
    text = table.render(report(rows))
    assert line(text, "short")[2].startswith("~") and not line(text, "enough")[2].startswith("~")
    found = footer(text, "~ is shorter")
    assert found.startswith("~ is shorter than 100 ticks of this clock")
    assert "1 of 3 rows." in found
    assert "~" not in table.render(report([row(100)]))


def test_a_model_smaller_than_the_cost_of_measuring_has_no_rest() -> None:
    """hello_world: 0 for the whole, and a negative rest."""
    made = report([row(700, name="only"), row(640, **WHOLE)])
    cost = Measure(500, ())
    passes = tuple(replace(one, overhead=cost, nested=Measure(140, ())) for one in made.passes)
    text = table.render(replace(made, passes=passes))
    assert line(text, "not in a layer") == ["not", "in", "a", "layer"]
    large = table.render(replace(made, passes=passes, rows=(*made.rows[:1], row(2000, **WHOLE))))
    assert line(large, "not in a layer")[4:] != []
