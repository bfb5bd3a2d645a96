# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Convolutions that add another tensor to their output: when, how exact, and what it saves."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from compile_fixtures import build
from tflite_models import Builder
from zephyr_counters.cli.tvmc import main as tvmc
from zephyr_counters.compile import compile_model, target
from zephyr_counters.extensions.kernel import Candidate
from zephyr_counters.extensions.operator import ConvolutionAddition, Operator
from zephyr_counters.formats.model_archive import ModelArchive

from bench import emulated_core

SHAPE = (1, 6, 5, 16)


class Residual(Builder):
    """A model of convolutions and additions."""

    def __init__(self, seed: int = 0) -> None:
        super().__init__()
        self.rng = np.random.default_rng(seed)

    def scaled(self, shape: Any, zero: int | None = None) -> int:
        """An int8 tensor with a random scale."""
        found = self.rng.integers(-128, 128) if zero is None else zero
        made: int = self.tensor(shape, "int8", self.rng.uniform(0.02, 0.06), int(found))
        return made

    def convolution(self, x: int, kernel: int = 3, channels: int = 16, stride: int = 1) -> int:
        """A convolution of x with random weights."""
        _, height, width, inputs = self.tensors[x].shape
        weight = self.rng.integers(-127, 128, (channels, kernel, kernel, inputs))
        scales = self.rng.uniform(0.002, 0.01, channels)
        bias = self.rng.integers(-2000, 2000, channels)
        x_scale = self.tensors[x].quantization.scale[0]
        y = self.scaled((1, -(-height // stride), -(-width // stride), channels))
        self.op(
            "CONV_2D",
            [
                x,
                self.tensor(weight.shape, "int8", scales, data=weight),
                self.tensor((channels,), "int32", scales * x_scale, data=bias),
            ],
            [y],
            "Conv2DOptions",
            strideH=stride,
            strideW=stride,
            dilationHFactor=1,
            dilationWFactor=1,
            fusedActivationFunction=int(self.rng.integers(2)),
        )
        return y

    def sum_of(self, a: int, b: int) -> int:
        """Their sum."""
        y = self.scaled(self.tensors[a].shape)
        activation = int(self.rng.integers(2))
        self.op("ADD", [a, b], [y], "AddOptions", fusedActivationFunction=activation)
        return y


def block(path: Path, seed: int = 0, shape: Any = SHAPE, swap: bool = False) -> Path:
    """Two convolutions whose output is added to what the first of them read."""
    model = Residual(seed)
    x = model.input(shape, "int8", 0.04, -7)
    first = model.convolution(x, 1, shape[3])
    inner = model.convolution(model.convolution(first, 1, shape[3]), 3, shape[3])
    y = model.sum_of(first, inner) if swap else model.sum_of(inner, first)
    return model.save(path, [model.convolution(y, 1, 4)])


def candidates(archive: ModelArchive) -> list[str]:
    return [str(layer.candidate) for layer in archive.layers]


@pytest.mark.parametrize("mcpu", [None, "cortex-m4", "cortex-m55"])
def test_an_addition_runs_in_the_convolution_before_it(mcpu: str | None, tmp_path: Path) -> None:
    path = block(tmp_path / "model.tflite")
    together, apart = (compile_model(path, mcpu=mcpu, fuse=fuse) for fuse in (True, False))
    assert [len(archive.layers) for archive in (together, apart)] == [4, 5]
    layer = together.layers[2]
    assert layer.kernel == "qconv2d_add" and "sum" in str(layer.candidate)
    assert {"conv2d", "add"} <= set(layer.ops)
    # It stands for the nodes of both, by the names of their outputs.
    assert set(layer.sources) == {*apart.layers[2].sources, *apart.layers[3].sources}
    assert layer.macs == apart.layers[2].macs
    assert layer.tensor == apart.layers[3].tensor
    assert together.memory.ram < apart.memory.ram


def outputs(archive: ModelArchive, folder: Path, images: list[Any]) -> Any:
    return np.stack([found[0] for found in build(archive, folder).run([[x] for x in images])])


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_sums_are_those_of_litert(seed: int, tmp_path: Path) -> None:
    interpreter_module = pytest.importorskip("ai_edge_litert.interpreter")
    rng = np.random.default_rng(seed)
    shape = (1, int(rng.integers(1, 8)), int(rng.integers(1, 8)), 4 * int(rng.integers(1, 9)))
    path = block(tmp_path / "model.tflite", seed, shape, swap=seed % 2 == 1)
    images = [rng.integers(-128, 128, shape).astype(np.int8) for _ in range(6)]
    images += [np.full(shape, value, np.int8) for value in (-128, 127)]
    together, apart = (compile_model(path, fuse=fuse) for fuse in (True, False))
    found = outputs(together, tmp_path / "together", images)
    np.testing.assert_array_equal(found, outputs(apart, tmp_path / "apart", images))
    interpreter = interpreter_module.Interpreter(model_path=str(path), num_threads=1)
    interpreter.allocate_tensors()
    for image, output in zip(images, found, strict=True):
        interpreter.set_tensor(interpreter.get_input_details()[0]["index"], image)
        interpreter.invoke()
        theirs = interpreter.get_tensor(interpreter.get_output_details()[0]["index"])
        np.testing.assert_array_equal(output, theirs)


@pytest.mark.slow
@pytest.mark.parametrize(("mcpu", "optimize"), [("cortex-m4", "speed"), ("cortex-m55", "balanced")])
def test_sums_on_an_emulated_core(mcpu: str, optimize: str, tmp_path: Path) -> None:
    if missing := emulated_core.missing():
        pytest.skip(missing)
    path = block(tmp_path / "model.tflite", 5, (1, 5, 3, 12))
    image = np.random.default_rng(5).integers(-128, 128, (1, 5, 3, 12)).astype(np.int8)
    archive = compile_model(path, mcpu=mcpu, optimize=optimize)
    assert any("sum" in name for name in candidates(archive))
    run = emulated_core.run_model(emulated_core.CORES[mcpu], archive, [image], tmp_path / "core")
    apart = outputs(compile_model(path, fuse=False), tmp_path / "apart", [image])
    np.testing.assert_array_equal(run.outputs[0], apart[0])


def test_what_others_read_stays_apart(tmp_path: Path) -> None:
    model = Residual()
    x = model.input(SHAPE, "int8", 0.04, -7)
    first = model.convolution(x)
    inner = model.convolution(first)
    total = model.sum_of(inner, first)
    path = model.save(tmp_path / "output.tflite", [total, inner])
    assert len(compile_model(path).layers) == 4 - 1
    model = Residual()
    x = model.input(SHAPE, "int8", 0.04, -7)
    inner = model.convolution(x)
    path = model.save(tmp_path / "twice.tflite", [model.sum_of(inner, inner)])
    assert [layer.kernel for layer in compile_model(path).layers] == ["qconv2d", "qadd"]


def test_of_two_convolutions_the_later_adds(tmp_path: Path) -> None:
    model = Residual()
    x = model.input(SHAPE, "int8", 0.04, -7)
    first, second = model.convolution(x, 3), model.convolution(x, 1)
    path = model.save(tmp_path / "model.tflite", [model.sum_of(first, second)])
    layers = compile_model(path).layers
    assert [layer.kernel for layer in layers] == ["qconv2d", "qconv2d_add"]
    assert layers[1].inputs[2].shape[1:3] == (1, 1)


def test_a_large_input_is_not_kept_alive_for_it(tmp_path: Path) -> None:
    model = Residual()
    x = model.input((1, 6, 6, 16), "int8", 0.04, -7)
    first = model.convolution(x, 3, 16)
    shortcut = model.convolution(first, 1, 16, 2)
    inner = model.convolution(first, 3, 16, 2)
    model.op("RELU", [inner], [y := model.scaled((1, 3, 3, 16))])
    path = model.save(tmp_path / "model.tflite", [model.sum_of(shortcut, y)])
    kernels = [layer.kernel for layer in compile_model(path).layers]
    assert not [kernel for kernel in kernels if kernel.endswith("_add")]


def test_no_fuse_keeps_a_layer_for_each(tmp_path: Path) -> None:
    path, archive = block(tmp_path / "model.tflite"), tmp_path / "model.tar"
    assert tvmc(["compile", str(path), "--no-fuse", "-o", str(archive)]) == 0
    kernels = [layer.kernel for layer in ModelArchive.open(archive).layers]
    assert "qadd" in kernels and len(kernels) == 5


def test_extensions_and_size_keep_them_apart(tmp_path: Path) -> None:
    path = block(tmp_path / "model.tflite")
    offloaded = compile_model(path, "c,mac-array")
    assert [layer.accelerator for layer in offloaded.layers].count("mac-array") == 4
    assert len(offloaded.layers) == len(compile_model(path, optimize="size").layers) == 5


def test_what_costs_more_than_it_saves_stays_apart(tmp_path: Path) -> None:
    path = block(tmp_path / "model.tflite")

    class Dear:
        """Kernels of sums that cost more than a convolution and an addition."""

        name = "dear"

        def candidates(self, op: Operator) -> list[Candidate]:
            found = [one for library in libraries for one in library.candidates(op)]
            factor = 1.1 if isinstance(op, ConvolutionAddition) else 1
            return [replace(one, estimate=one.estimate * factor) for one in found]

    plain = target.parse("c")
    libraries = plain.libraries
    assert len(compile_model(path, plain).layers) == 4
    assert len(compile_model(path, replace(plain, libraries=(Dear(),))).layers) == 5
