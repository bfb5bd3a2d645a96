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
from tflite_models import Builder
from tvm import te, tirx
from tvm.tirx.script import builder as T
from zephyr_counters.compile import compile_model
from zephyr_counters.compile.codegen.schedule import schedule
from zephyr_counters.compile.kernels.in_place import Overlap, overlap
from zephyr_counters.compile.kernels.portable.addition import candidate
from zephyr_counters.compile.plan import in_place, placement, sharing
from zephyr_counters.compile.plan.in_place import overwritable
from zephyr_counters.compile.plan.plan import Plan
from zephyr_counters.extensions.operator import Addition, Convolution
from zephyr_counters.extensions.tensor_ir import argument, body, c_call, kernel, loop
from zephyr_counters.extensions.tensors import Image, Tensor


def made_of(*tensors: Any) -> set[int]:
    """What a kernel of tensor expressions may overwrite."""
    found = overwritable(schedule(te.create_prim_func(list(tensors))))
    assert not any(found.values())
    return set(found)


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
    assert overwritable(candidate(op).lower().func) == {0: 0, 1: 0}
    assert overwritable(c_call("k", op, "f").func) == {}
    assert overwritable(c_call("k", op, "f", in_place=(1,)).func) == {1: 0}
    assert overwritable(c_call("k", op, "f", in_place=(0,), lead=32).func) == {0: 32}


def everywhere(plan: Plan, allowed: Any) -> Plan:
    """The plan in which all outputs share memory that can."""
    found = sharing.copied(plan)
    sharing._share(found, allowed, set(range(len(allowed))))
    return found


@pytest.mark.slow
def test_an_addition_of_a_model_runs_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed = placement._placed

    def shared_is_smaller(plan: Plan, scratch: Any, allowed: Any, *exact: bool) -> Plan:
        found = placed(plan, scratch, allowed, *exact)
        return found if allowed else replace(found, memory=1 << 40)

    path = shared_model("pretrainedResnet_quant")
    monkeypatch.setattr(placement, "_placed", shared_is_smaller)
    monkeypatch.setattr(placement, "shared_at_peaks", everywhere)
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
    assert overwritable(builder.get()) == {}


def depthwise(
    x: tuple[int, int, int], y: tuple[int, int, int], stride: int = 1, pad: int = 1
) -> Convolution:
    """A 3x3 convolution of images (height, width, channels)."""
    ones = np.ones(y[2], np.int32)
    return Convolution(
        x=Image.of((1, *x), "int8", "NHWC"),
        y=Image.of((1, *y), "int8", "NHWC"),
        weight=np.ones((y[2], 3, 3, 1), np.int8),
        bias=ones,
        multiplier=ones << 30,
        shift=ones * 40,
        x_zero=0,
        y_zero=0,
        low=-128,
        high=127,
        stride=(stride, stride),
        pad_top=pad,
        pad_left=pad,
        groups=x[2],
    )


def test_a_depthwise_convolution_stays_behind_the_rows_that_it_reads() -> None:
    image = (6, 5, 16)
    # The pixel above and left of the first that is written next: a row and a pixel before it.
    assert overlap(depthwise(image, image)) == Overlap((0,), 6 * 16)
    assert overlap(depthwise(image, image), at_once=6 * 5) == Overlap((0,), 0)
    assert overlap(depthwise(image, image), at_once=2 * 5) == Overlap((0,), 5 * 16)
    assert overlap(depthwise((6, 5, 3), (6, 5, 3))) == Overlap((0,), 48)
    assert overlap(depthwise(image, (4, 3, 16), pad=0)) == Overlap((0,), 0)
    assert overlap(depthwise(image, (3, 3, 16), stride=2)) == Overlap((0,), 0)


def test_other_convolutions_do_not_overwrite_their_inputs() -> None:
    assert overlap(depthwise((6, 5, 16), (6, 5, 32))) == Overlap()
    assert overlap(depthwise((6, 5, 16), (8, 7, 16), pad=2)) == Overlap()


@pytest.mark.slow
@pytest.mark.parametrize("mcpu", [None, "cortex-m4"])
def test_a_depthwise_convolution_of_a_model_runs_in_place(
    mcpu: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng, b = np.random.default_rng(3), Builder()
    small, wide = (1, 12, 12, 8), (1, 12, 12, 48)

    def conv(x: Any, y: tuple[int, ...], kernel: tuple[int, ...], depthwise: bool = False) -> Any:
        name = "DEPTHWISE_CONV_2D" if depthwise else "CONV_2D"
        weight = b.tensor(kernel, "int8", 0.02, 0, data=rng.integers(-127, 128, kernel))
        bias = b.tensor(y[3:], "int32", 0.001, 0, data=rng.integers(-500, 500, y[3:]))
        result = b.tensor(y, "int8", 0.05, -7)
        more = {"depthMultiplier": 1} if depthwise else {}
        options = "DepthwiseConv2DOptions" if depthwise else "Conv2DOptions"
        steps = {"strideH": 1, "strideW": 1, "dilationHFactor": 1, "dilationWFactor": 1}
        b.op(name, [x, weight, bias], [result], options, **steps, **more)
        return result

    x = b.input(small, "int8", 0.05, -7)
    expanded = conv(x, wide, (48, 1, 1, 8))
    filtered = conv(expanded, wide, (1, 3, 3, 48), depthwise=True)
    path = b.save(tmp_path / "model.tflite", [conv(filtered, small, (8, 1, 1, 48))])
    archive = compile_model(path, mcpu=mcpu)
    assert archive.memory.activations < 2 * 12 * 12 * 48
    monkeypatch.setattr(in_place, "overwritable", lambda func: {})
    apart = compile_model(path, mcpu=mcpu)
    assert apart.memory.activations > 2 * 12 * 12 * 48
    if mcpu is None:
        values = [[rng.integers(-128, 128, small).astype(np.int8)] for _ in range(2)]
        got, wanted = (
            build(one, tmp_path / one.hash.hex()).run(values) for one in (archive, apart)
        )
        np.testing.assert_array_equal(got, wanted)
