# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""`zephyr-counters events`."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fake_board import FakeBoard
from zephyr_counters.blob.catalog import ClockKind
from zephyr_counters.cli import console, events


@pytest.mark.parametrize("columns", [40, 80, 120])
def test_events_never_cuts_a_name(
    columns: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(console, "width", lambda: columns)
    events.show_catalog(FakeBoard().catalog())
    text = capsys.readouterr().out
    assert all(line.strip() for line in text.splitlines())
    for provider in FakeBoard().catalog().providers:
        for counter in provider.counters:
            assert f" {provider.name}:{counter.name} " in text
            assert all(word in text for word in counter.description.split())


def test_events_says_what_drives_clocks_and_what_is_made_up(
    capsys: pytest.CaptureFixture[str],
) -> None:
    catalog = FakeBoard().catalog()
    first, *others = catalog.providers
    counters = (replace(first.counters[0], expensive=True), *first.counters[1:])
    first = replace(
        first, clock_hz=64_000_000, clock=ClockKind.CORE, simulated=True, counters=counters
    )
    catalog = replace(catalog, providers=(first, *others), clock_name="dwt")
    events.show_catalog(replace(catalog, clock_kind=ClockKind.TIMER))
    text = capsys.readouterr().out
    assert "clock of the times: dwt, a timer; " in text
    assert ", clock 64 MHz, of the core" in text
    assert text.count("a simulation makes its values up") == 1
    assert f"globs leave it out: {counters[0].name}\n" in text
