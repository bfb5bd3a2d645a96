# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""int8 and float16 weights of float operators stay small in flash, with the results of float32."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from compile_fixtures import build
from references import check, litert
from tflite_models import Builder
from zephyr_counters.compile import compile_model

RNG = np.random.default_rng(8)
LAYERS = ("conv", "dilated", "depthwise", "multiplied", "dense")
X = (2, 7, 6, 4)


def small_weights(made: Builder, shape: Any, kind: str, axis: int) -> Any:
    """A tensor of weights: int8 with scales, or float16 through DEQUANTIZE."""
    if kind == "float16":
        values = RNG.normal(size=shape).astype(np.float16)
        values.reshape(-1)[:4] = [6e-8, -3e-6, 0, -1.5]
        source = made.tensor(shape, "float16", data=values)
        result = made.tensor(shape, "float32")
        made.op("DEQUANTIZE", [source], [result])
        return result
    # Of the product one for all.
    count = shape[axis] if len(shape) == 4 else 1
    scale = RNG.uniform(0.001, 0.02, count)
    return made.tensor(shape, "int8", scale, 0, RNG.integers(-127, 128, shape), axis)


def network(path: Path, kind: str) -> Path:
    """A layer of each sort; biases, activations, strides, padding."""
    made = Builder()
    x = made.input(X, "float32")

    def layer(name: str, x: Any, shape: Any, y: Any, options: str, **values: Any) -> Any:
        axis = 3 if name == "DEPTHWISE_CONV_2D" else 0
        weights = small_weights(made, shape, kind, axis)
        outputs = shape[axis]
        bias = made.tensor([outputs], "float32", data=RNG.normal(size=outputs))
        result = made.tensor(y, "float32")
        made.op(name, [x, weights, bias], [result], options, **values)
        return result

    conv, wise = "Conv2DOptions", "DepthwiseConv2DOptions"
    one = {"strideH": 1, "strideW": 1, "dilationHFactor": 1, "dilationWFactor": 1}
    a = layer("CONV_2D", x, (6, 3, 3, 4), (2, 4, 3, 6), conv,
              **{**one, "strideH": 2, "strideW": 2, "fusedActivationFunction": 3})  # fmt: skip
    b = layer("CONV_2D", a, (5, 2, 2, 6), (2, 4, 3, 5), conv,
              **{**one, "dilationHFactor": 2, "dilationWFactor": 1})  # fmt: skip
    c = layer("DEPTHWISE_CONV_2D", b, (1, 3, 3, 5), (2, 4, 3, 5), wise,
              **one, depthMultiplier=1, fusedActivationFunction=1)  # fmt: skip
    d = layer("DEPTHWISE_CONV_2D", c, (1, 3, 2, 10), (2, 2, 2, 10), wise,
              **one, depthMultiplier=2, padding=1)  # fmt: skip
    flat = made.tensor((2, 40), "float32")
    made.op("RESHAPE", [d, made.ints([2, 40])], [flat], "ReshapeOptions")
    y = layer("FULLY_CONNECTED", flat, (7, 40), (2, 7), "FullyConnectedOptions")
    return made.save(path, [y])


WEIGHTS = 6 * 36 + 5 * 24 + 45 + 60 + 280


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["int8", "float16"])
def test_results_are_those_of_float_weights(kind: str, tmp_path: Path) -> None:
    path = network(tmp_path / "net.tflite", kind)
    archive = compile_model(path)
    rounds: Any = [[RNG.normal(size=X).astype(np.float32)] for _ in range(3)]
    got = build(archive, tmp_path / "small", "-O1", "-fsanitize=undefined,address").run(rounds)
    wide = compile_model(path, optimize="speed")
    check(got, build(wide, tmp_path / "wide", "-O0").run(rounds), part=1e-5)
    check(got, litert(path, rounds), part=1e-5 if kind == "float16" else 0.1)
    nbytes = 2 if kind == "float16" else 1
    layers = [one for one in archive.layers if str(one.candidate).startswith("portable/")]
    assert [str(one.candidate) for one in layers] == [
        "portable/half" if kind == "float16" else "portable/int8"
    ] * len(LAYERS)
    rest = wide.memory.constants - 4 * WEIGHTS
    assert archive.memory.constants < nbytes * WEIGHTS + rest + len(LAYERS) * 200
    assert wide.memory.constants > 4 * WEIGHTS


def test_float16_that_nothing_keeps_small_is_float32(tmp_path: Path) -> None:
    made = Builder()
    x, y = made.input([2, 3], "float32"), made.tensor([2, 3], "float32")
    values = np.array([1.5, -2, 6e-8], np.float16)
    source, wide = made.tensor([3], "float16", data=values), made.tensor([3], "float32")
    made.op("DEQUANTIZE", [source], [wide])
    made.op("MUL", [x, wide], [y], "MulOptions")
    archive = compile_model(made.save(tmp_path / "model.tflite", [y]))
    array = RNG.normal(size=(2, 3)).astype(np.float32)
    (got,) = build(archive, tmp_path / "build", "-O0").run([[array]])[0]
    np.testing.assert_array_equal(got, array * values.astype(np.float32))


def test_float16_of_too_wide_a_range_is_float32(tmp_path: Path) -> None:
    made = Builder()
    x, y = made.input([1, 3], "float32"), made.tensor([1, 2], "float32")
    values = np.array([[60000, 6e-8, 1], [1, 2, 3]], np.float16)
    source, wide = made.tensor([2, 3], "float16", data=values), made.tensor([2, 3], "float32")
    made.op("DEQUANTIZE", [source], [wide])
    made.op("FULLY_CONNECTED", [x, wide], [y], "FullyConnectedOptions")
    archive = compile_model(made.save(tmp_path / "model.tflite", [y]))
    assert "half" not in {str(layer.candidate) for layer in archive.layers}
    array = np.array([[0, 1, 0]], np.float32)
    (got,) = build(archive, tmp_path / "build", "-O0").run([[array]])[0]
    np.testing.assert_array_equal(got, array @ values.T.astype(np.float32))
