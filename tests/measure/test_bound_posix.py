# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Verdicts on real layers: one streams 1 MiB of weights, the other's fit the local memory.

The accelerator of the posix board counts what its DMA costs, whatever the machine. The machine's
own core cannot show it: its caches hold 1 MiB, and emulators have none.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import onnx
import pytest
from onnx_models import Quantized
from zephyr_counters.measure import profile
from zephyr_counters.report.explain import Word, explain
from zephyr_counters.report.explain.rules import mac_array

pytest.importorskip("tvm", reason="needs apache-tvm, which compiles the model")
if shutil.which("cc") is None:
    pytest.skip("needs a C compiler", allow_module_level=True)

COUNTERS = ["mac-array:busy-cycles", "mac-array:stall-cycles", "mac-array:macs"]


def streaming(path: Path) -> Path:
    """A 3x3 convolution of 64 to 64 channels on 8x8 pixels, a pool, a dense layer 1024 to 1024."""
    q = Quantized()
    weight, scale = q.weight((64, 64, 3, 3))
    conv = q.node(
        "Conv", [q.input((1, 64, 8, 8)), weight, q.bias(64, 0.05 * scale)], pads=[1, 1, 1, 1]
    )
    pool = q.node("MaxPool", [q.requantize(conv)], kernel_shape=[2, 2], strides=[2, 2])
    flat = q.node("Flatten", [q.requantize(pool)])
    wide, wide_scale = q.weight((1024, 1024))
    dense = q.node("Gemm", [q.requantize(flat), wide, q.bias(1024, 0.1 * wide_scale)], transB=1)
    onnx.save(q.finish(dense, (1, 1024)), path)
    return path


@pytest.mark.slow
def test_a_layer_that_streams_its_weights_is_bound_by_memory(tmp_path: Path) -> None:
    from zephyr_counters.board.board import Board
    from zephyr_counters.compile import compile_model
    from zephyr_counters.project import create

    archive = tmp_path / "streaming.tar"
    compile_model(streaming(tmp_path / "streaming.onnx"), target="c,mac-array", output=archive)
    project = create("zephyr-counters", archive, tmp_path / "project", {"board": "posix"})
    project.build()
    with Board(project) as board:
        report = profile(board, counters=COUNTERS, repeat=3)
    # A busy machine makes the times differ too much to say anything; the counters repeat.
    found = explain(report, mac_array.RULES)
    conv, dense = [one for one in found if one.row.accelerator]
    assert dense.row.bytes_read is not None and dense.row.bytes_read > 1 << 20
    assert (dense.word, dense.finding.rule) == (Word.MEMORY, "mac-array-dma")
    assert dense.finding.share > 0.4
    assert conv.word is Word.COMPUTE and conv.finding.rule == "mac-array-macs"
    assert conv.finding.share > 0.8
