# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Which kernels may write over their inputs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from compile_fixtures import build
from models import shared_model
from tvm import te, tirx
from tvm.tirx.script import builder as T
from zephyr_counters.compile import compile_model
from zephyr_counters.compile.codegen.schedule import schedule
from zephyr_counters.compile.kernels.portable.addition import candidate
from zephyr_counters.compile.plan import placement
from zephyr_counters.compile.plan.in_place import overwritable
from zephyr_counters.compile.plan.plan import Plan
from zephyr_counters.extensions.operator import Addition
from zephyr_counters.extensions.tensor_ir import argument, body, c_call, kernel, loop
from zephyr_counters.extensions.tensors import Tensor


def made_of(*tensors: Any) -> frozenset[int]:
    """What a kernel of tensor expressions may overwrite."""
    return overwritable(schedule(te.create_prim_func(list(tensors))))


def test_elementwise_stages_may_overwrite_each_input() -> None:
    x, y = (te.placeholder((4, 3), "float32", name) for name in "xy")
    total = te.compute((4, 3), lambda i, j: x[i, j] + y[i, j])
    positive = te.compute((4, 3), lambda i, j: te.max(total[i, j], tirx.const(0, "float32")))
    assert made_of(x, y, positive) == {0, 1}


def test_other_elements_or_sizes_may_not() -> None:
    x = te.placeholder((4, 4), "float32", "x")
    b = te.placeholder((4,), "float32", "b")
    table = te.placeholder((256,), "int8", "table")
    byte = te.placeholder((4, 4), "int8", "byte")
    assert made_of(x, te.compute((4, 4), lambda i, j: x[j, i])) == set()
    assert made_of(x, te.compute((4, 4), lambda i, j: x[i, j] + x[i, 3 - j])) == set()
    assert made_of(x, te.compute((4, 4), lambda i, j: x[i, j].astype("int8"))) == set()
    assert made_of(x, te.compute((2, 2), lambda i, j: x[i, j])) == set()
    assert made_of(x, b, te.compute((4, 4), lambda i, j: x[i, j] + b[j])) == {0}
    looked_up = te.compute((4, 4), lambda i, j: table[byte[i, j].astype("int32") + 128])
    assert made_of(byte, table, looked_up) == {0}


def test_sums_may_not() -> None:
    x = te.placeholder((4, 4), "float32", "x")
    k = te.reduce_axis((0, 4), "k")
    assert made_of(x, te.compute((4,), lambda i: te.sum(x[i, k], axis=k))) == set()
    row = te.compute((4,), lambda i: te.sum(x[i, k], axis=k), name="row")
    assert made_of(x, te.compute((4, 4), lambda i, j: x[i, j] / row[i])) == set()


def test_kernels_of_libraries() -> None:
    tensor = Tensor((1, 5, 7), "int8")
    op = Addition(tensor, tensor, tensor, (3, -4), (2048, 1000), 12, 5, -128, 127)
    assert overwritable(candidate(op).lower().func) == {0, 1}
    assert overwritable(c_call("k", op, "f").func) == set()
    assert overwritable(c_call("k", op, "f", in_place=(1,)).func) == {1}


@pytest.mark.slow
def test_an_addition_of_a_model_runs_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed = placement._placed

    def shared_is_smaller(plan: Plan, scratch: Any, allowed: Any) -> Plan:
        found = placed(plan, scratch, allowed)
        return found if allowed else replace(found, memory=1 << 40)

    path = shared_model("pretrainedResnet_quant")
    monkeypatch.setattr(placement, "_placed", shared_is_smaller)
    archive = compile_model(path, fuse=False)
    plan = archive.files["src/plan.c"].decode()
    (arguments,) = (
        line for line in plan.splitlines() if line.startswith("static const uint16_t args3[]")
    )
    a, b, y = (int(text) for text in arguments.split("{")[1].split("}")[0].split(","))
    assert archive.layers[3].kernel.startswith("qadd")
    assert y in (a, b)
    rng = np.random.default_rng(1)
    image = [rng.integers(-128, 128, archive.inputs[0].shape).astype(np.int8)]
    once, again = build(archive, tmp_path).run([image, image])
    np.testing.assert_array_equal(once[0], again[0])


def test_a_loop_that_stores_twice_may_not() -> None:
    with kernel() as builder:
        x, y = argument("x", (8,), "int8"), argument("y", (8,), "int8")
        with body(), loop("r", 2), loop("i", 8) as i:
            T.buffer_store(y, x[i] + T.cast(1, "int8"), [i])
    assert overwritable(builder.get()) == set()
