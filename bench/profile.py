# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Profiling keyword spotting: what it adds to a run, and what it sends over the wire."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from zephyr_counters.blob import Catalog, Selection
from zephyr_counters.board.board import Board

from bench.limits import Measurement
from bench.project import KEYWORD_SPOTTING, built_project

TARGET = "c,mac-array"
COUNTERS = (("mac-array", ("busy-cycles", "stall-cycles", "macs", "bytes-in")),)
RUNS = 20
PAIRS = 25


def select_four(catalog: Catalog) -> Selection:
    """Four 32-bit counters of the reference accelerator."""
    groups = []
    for index, provider in enumerate(catalog.providers):
        for name, counters in COUNTERS:
            if provider.name == name:
                names = [counter.name for counter in provider.counters]
                groups.append((index, tuple(names.index(counter) for counter in counters)))
    return Selection(False, tuple(groups))


def seconds(action: Callable[[], object]) -> float:
    """Duration of one call."""
    begin = time.perf_counter()
    action()
    return time.perf_counter() - begin


def measure(folder: Path) -> list[Measurement]:
    """Run and profile keyword spotting on posix with four counters of the reference accelerator."""
    names = (
        "model.profile against model.run, keyword spotting",
        "bytes a record, four 32-bit counters",
        "bytes on the wire of a profile of keyword spotting",
    )
    if not KEYWORD_SPOTTING.exists():
        return [Measurement(name, None, skipped="no keyword spotting model here") for name in names]
    project = built_project(KEYWORD_SPOTTING, TARGET, folder)
    rng = np.random.default_rng(0)
    with Board(project) as board:
        board.set_input(0, rng.integers(-128, 128, (1, 49, 10, 1)).astype("int8"))
        selection = select_four(board.catalog())
        ratios = []
        board.select(selection)
        run, profile = board.rpc.get_function("model.run"), board.rpc.get_function("model.profile")
        for _ in range(PAIRS):
            plain = seconds(lambda: [run() for _ in range(RUNS)])
            profiled = seconds(lambda: [profile(1) for _ in range(RUNS)])
            ratios.append(profiled / plain)
            while board.take().remaining:
                pass
        before = board.bytes_in + board.bytes_out
        board.select(selection)
        board.profile(1)
        data, blob = board.take_bytes()
        wire = board.bytes_in + board.bytes_out - before
        empty, _ = board.take_bytes()
    per_record = (len(data) - len(empty)) / len(blob.records)
    return [
        Measurement(names[0], (statistics.median(ratios) - 1) * 100, "% slower", limit=1),
        Measurement(names[1], per_record, "bytes", limit=40, detail={"records": len(blob.records)}),
        Measurement(names[2], wire, "bytes", limit=1500, detail={"blob": len(data)}),
    ]
