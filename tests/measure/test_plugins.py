# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Collectors and decoders that other packages bring."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator
from importlib import metadata
from typing import Any

import pytest
from fake_board import FakeBoard
from zephyr_counters.errors import BlobError, UsageError
from zephyr_counters.extensions import opaque
from zephyr_counters.extensions.opaque import find_decoder
from zephyr_counters.measure import profile
from zephyr_counters.report import Metric, decoded
from zephyr_counters.report.metrics import installed


class Doubled:
    """A collector of another package."""

    name = "doubled"
    counters = ("npu:macs",)

    def collect(self, values: dict[str, Any], context: object) -> dict[str, Any]:
        return {"doubled": Metric(2 * values["npu:macs"], "")} if "npu:macs" in values else {}


def decode_log(data: bytes) -> dict[str, Any]:
    return {"layer": data[0], "repetition": data[1]}


@pytest.fixture
def plug(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, object], None]]:
    real = metadata.entry_points

    def install(group: str, loaded: object) -> None:
        point = types.SimpleNamespace(name="theirs", load=lambda: loaded)
        monkeypatch.setattr(
            metadata,
            "entry_points",
            lambda **wanted: [point] if wanted.get("group") == group else real(**wanted),
        )
        opaque._all.cache_clear()

    yield install
    opaque._all.cache_clear()


def test_a_collector_of_another_package(plug: Callable[[str, object], None]) -> None:
    plug("zephyr_counters.collectors", Doubled)
    assert "doubled" in [one.name for one in installed()]
    report = profile(FakeBoard(), repeat=1)
    assert report.layers[0].metrics["doubled"] == Metric(2160, "")
    plug("zephyr_counters.collectors", Doubled())
    assert "doubled" in [one.name for one in installed()]
    plug("zephyr_counters.collectors", lambda: 5)
    with pytest.raises(UsageError, match="theirs"):
        installed()


def test_a_decoder_of_another_package(plug: Callable[[str, object], None]) -> None:
    plug(
        "zephyr_counters.decoders",
        types.SimpleNamespace(compatible="acme,npu", counter="log", decode=decode_log),
    )
    assert find_decoder("acme,npu", "log") is not None
    report = profile(FakeBoard(), repeat=2)
    assert decoded(report, report.layers[1], "npu:log") == (
        {"layer": 1, "repetition": 0},
        {"layer": 1, "repetition": 0},
    )
    with pytest.raises(BlobError, match="acme,npu log cannot be decoded"):
        opaque.decode_opaque("acme,npu", "log", b"")
    with pytest.raises(KeyError):
        decoded(report, report.layers[1], "npu:macs")


def test_bytes_without_a_decoder() -> None:
    assert opaque.decode_opaque("nobody,nothing", "log", b"x") is None
