# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A derived metric that another package brings, from its entry point to the table."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_fixtures import Install
from zephyr_counters.blob.catalog import ClockKind, Kind
from zephyr_counters.blob.records import Origin
from zephyr_counters.cli.main import main
from zephyr_counters.report import Metric, exports
from zephyr_counters.report.metrics import COLLECTORS, Context, MetricCollector
from zephyr_counters.report.metrics.built_in import MacsPerCycle
from zephyr_counters.report.report import ReportCounter

GROUP = "zephyr_counters.collectors"
BUSY_SHARE = """
from zephyr_counters.report import Metric

class BusyShare:
    name = "busy share"
    counters = ("*:busy", "*:cycles")

    def collect(self, values, context):
        if "npu:busy" not in values or not values.get("core:cycles"):
            return {}
        return {"npu:busy share": Metric(100 * values["npu:busy"] / values["core:cycles"], "%")}
"""


def test_a_metric_of_another_package(
    install: Install, fake: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One class and an entry point give it to every profile, its table and its exports."""
    install("their_metric", BUSY_SHARE, GROUP, "BusyShare")
    path = tmp_path / "r.json"
    arguments = ["profile", "project", "--counters", "busy,core:cycles", "--repeat", "2"]
    assert main([*arguments, "--json", str(path)]) == 0
    assert "busy share" in capsys.readouterr().out
    (first, *_) = exports.load(path).layers
    assert first.metrics["npu:busy share"] == Metric(pytest.approx(100 * 1080 / 1110), "%")


def test_a_collector_that_cannot_be_imported_is_named(
    install: Install, fake: None, capsys: pytest.CaptureFixture[str]
) -> None:
    install("their_metric", "1 / 0", GROUP, "BusyShare")
    assert main(["profile", "project"]) == 2
    error = capsys.readouterr().err
    assert "entry point their_metric of group zephyr_counters.collectors cannot be loaded" in error
    assert "ZeroDivisionError" in error


def test_built_in_collectors_are_collectors() -> None:
    assert all(isinstance(one, MetricCollector) for one in COLLECTORS)
    assert len({one.name for one in COLLECTORS}) == len(COLLECTORS)


@pytest.mark.parametrize("clock", ClockKind)
def test_macs_per_cycle_are_those_of_the_core(clock: ClockKind) -> None:
    counter = ReportCounter(
        "p:cycles", "cycles", Kind.COUNT, 32, "", 10**6, 1, 0, False, "", clock=clock
    )
    context = Context(Origin.LAYER, "dense", 1e-3, 640, None, None, None, {"p:cycles": counter})
    found = MacsPerCycle().collect({"p:cycles": 320.0}, context)
    assert found == ({"p:MACs/cycle": Metric(2.0, "")} if clock is ClockKind.CORE else {})
