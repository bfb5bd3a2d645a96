# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What compiling takes: linear in layers, and few copies of the constants."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from compile_limits import chain, measured
from mobilenet import mobilenet
from zephyr_counters.compile import compile_model
from zephyr_counters.formats.model_archive import ModelArchive


def test_constants_are_stored_as_they_are(tmp_path: Path) -> None:
    """Not as text, which takes a compiler 45 MB for each of their megabytes."""
    archive = compile_model(chain(tmp_path / "m.onnx", 3, 32), output=tmp_path / "m.tar")
    data = archive.files["src/weights.bin"]
    assert len(data) == 3 * 32 * 32 * 4 == archive.memory.constants
    assert np.isfinite(np.frombuffer(data, "<f4")).all()
    assert archive.files["src/weights.c"].count(b"ZC_CONSTANT(") == 3
    assert ModelArchive.open(tmp_path / "m.tar").files == archive.files


@pytest.mark.slow
def test_time_is_linear_in_layers(tmp_path: Path) -> None:
    seconds = []
    compile_model(chain(tmp_path / "first.onnx", 2))
    for layers in (100, 500):
        path = chain(tmp_path / f"{layers}.onnx", layers)
        begin = time.process_time()
        compile_model(path)
        seconds.append(time.process_time() - begin)
    assert seconds[1] < 8 * seconds[0] + 0.5, seconds


@pytest.mark.slow
def test_memory_is_a_few_times_the_constants(tmp_path: Path) -> None:
    """It was 13 times: 3, of the file, its parsed form and the graph, is the most it may be."""
    _, small = measured(chain(tmp_path / "small.onnx", 4))
    seconds, large = measured(chain(tmp_path / "large.onnx", 4, 1024))
    assert round(large - small) <= 3 * 16  # 43.5 MiB; 48.0 with the lowest versions
    assert seconds < 3


@pytest.mark.slow
def test_mobilenet_takes_seconds(tmp_path: Path) -> None:
    seconds, _ = measured(mobilenet(tmp_path / "mobilenet.tflite"))
    assert seconds < 5
