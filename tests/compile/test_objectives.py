# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What --optimize chooses: sizes of whole models, and the price of speed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import onnx
import pytest
from onnx_models import Quantized
from zephyr_counters.cli.tvmc_compile import summary
from zephyr_counters.compile import compile_model, target
from zephyr_counters.compile.objectives import OBJECTIVES, plan
from zephyr_counters.errors import UsageError
from zephyr_counters.extensions.kernel import Candidate


def candidate(name: str, estimate: float, constants: int, widens: bool = False, **code: int) -> Any:
    lower: Any = None
    return Candidate(name, lower, estimate, {}, constants, code, widens)


NARROW = candidate("narrow", 100, 1000)
WIDE = candidate("wide", 60, 2000, widens=True)
SLOW = candidate("slow", 900, 10)


@pytest.mark.parametrize(
    ("optimize", "offered", "wanted"),
    [
        ("balanced", [SLOW, WIDE, NARROW], NARROW),
        ("balanced", [WIDE], WIDE),
        ("speed", [SLOW, WIDE, NARROW], WIDE),
    ],
)
def test_objectives(optimize: str, offered: list[Candidate], wanted: Candidate) -> None:
    op: Any = None
    assert OBJECTIVES[optimize](op, offered) is wanted


def test_an_unknown_objective_is_an_error_with_the_list() -> None:
    with pytest.raises(UsageError) as error:
        target.parse("c", None, "fast")
    assert "size, balanced, speed" in str(error.value.hint)


def test_code_that_several_operators_share_counts_once() -> None:
    def offers(operators: int) -> list[list[Candidate]]:
        return [
            [candidate("own", 1, 0, **{f"own{i}": 100}), candidate("shared", 1, 10, library=250)]
            for i in range(operators)
        ]

    assert plan(offers(2)) == [0, 0]
    assert plan(offers(5)) == [1, 1, 1, 1, 1]
    # What one operator cannot take is not forced upon it.
    mixed = [*offers(5), [candidate("only", 1, 0, other=9)]]
    assert plan(mixed) == [1, 1, 1, 1, 1, 0]


def layers(path: Path, count: int) -> Path:
    """Additions of different shapes."""
    q = Quantized(seed=1)
    x = q.input((1, 30))
    for _ in range(count):
        x = q.requantize(q.node("Add", [x, q.input((1, 30))]))
    onnx.save(q.finish(q.node("Sigmoid", [x]), (1, 30), 1 / 256, -128), path)
    return path


def test_size_is_planned_for_the_whole_model(tmp_path: Path) -> None:
    path = layers(tmp_path / "model.onnx", 1)
    found = {
        optimize: [
            str(layer.candidate)
            for layer in compile_model(path, mcpu="cortex-m4", optimize=optimize).layers
            if "add" in layer.ops
        ]
        for optimize in OBJECTIVES
    }
    assert found == {
        "size": ["portable/direct"],
        "balanced": ["dsp/words"],
        "speed": ["dsp/words"],
    }
    archive = compile_model(path, mcpu="cortex-m4", optimize="size")
    assert archive.metadata["optimize"] == "size"
    assert "widened" not in summary(tmp_path, archive)


def test_speed_widens_weights_and_says_what_that_costs(tmp_path: Path) -> None:
    q = Quantized(seed=1)
    weight, _ = q.weight((64, 32), axis=1)
    product = q.node("MatMul", [q.input((1, 64)), weight])
    path = tmp_path / "model.onnx"
    onnx.save(q.finish(product, (1, 32), 0.5, 0), path)
    found = {
        optimize: compile_model(path, mcpu="cortex-m4", optimize=optimize)
        for optimize in ("balanced", "speed")
    }
    used = {
        optimize: [str(layer.candidate) for layer in archive.layers if layer.macs]
        for optimize, archive in found.items()
    }
    assert used == {"balanced": ["dsp/dense"], "speed": ["dsp/dense_wide"]}
    constants = [found[one].memory.constants for one in ("speed", "balanced")]
    assert constants[0] - constants[1] == 64 * 32
    assert "of which 2,048 bytes are for widened weights" in summary(path, found["speed"])
    assert "widened" not in summary(path, found["balanced"])
