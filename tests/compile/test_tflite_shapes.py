# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""TFLite operators whose shapes the model computes, and changes of scale of wide integers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from compile_fixtures import build
from references import check, litert
from tflite_models import Builder
from zephyr_counters.compile import compile_model
from zephyr_counters.errors import CompileError
from zephyr_counters.validate.inputs import rounds

SIZE = [1, 9, 8, 2]


def transpose_conv(b: Builder, shape: Any, x: Any) -> Any:
    rng = np.random.default_rng(4)
    w = rng.integers(-127, 128, (2, 3, 3, 3))
    weight = b.tensor(w.shape, "int8", [0.0117, 0.0203], 0, data=w)
    y = b.tensor(SIZE, "int8", 0.3119, 4)
    b.op(
        "TRANSPOSE_CONV", [shape, weight, x], [y], "TransposeConvOptions",
        strideH=2, strideW=2, padding=0,
    )  # fmt: skip
    return y


def image(b: Builder) -> Any:
    return b.input((1, 5, 4, 3), "int8", 0.05, -7)


def wanted(images: Any, folder: Path) -> Any:
    """What LiteRT gives if the shape is a constant: XNNPACK runs no others."""
    b = Builder()
    x = image(b)
    path = b.save(folder / "constant.tflite", [transpose_conv(b, b.ints(SIZE), x)])
    return litert(path, images)


def test_a_computed_output_shape_is_folded(tmp_path: Path) -> None:
    """As Keras exports Conv2DTranspose: SHAPE, STRIDED_SLICE, MUL, SUB, PACK."""
    b = Builder()
    x = image(b)
    shape = b.tensor([4], "int32")
    b.op("SHAPE", [x], [shape], "ShapeOptions", outType=2)
    extents = []
    for axis in range(3):
        one = b.tensor([], "int32")
        ends = b.ints([axis]), b.ints([axis + 1]), b.ints([1])
        b.op("STRIDED_SLICE", [shape, *ends], [one], "StridedSliceOptions", shrinkAxisMask=1)
        extents.append(one)
    for axis, less in ((1, 1), (2, 0)):
        twice, whole = b.tensor([], "int32"), b.tensor([], "int32")
        b.op("MUL", [extents[axis], b.ints(2)], [twice], "MulOptions")
        b.op("SUB", [twice, b.ints(less)], [whole], "SubOptions")
        extents[axis] = whole
    size = b.tensor([4], "int32")
    b.op("PACK", [*extents, b.ints(2)], [size], "PackOptions", valuesCount=4)
    path = b.save(tmp_path / "m.tflite", [transpose_conv(b, size, x)])
    archive = compile_model(path)
    inputs = rounds(archive.inputs, 4)
    check(build(archive, tmp_path / "build", "-O0").run(inputs), wanted(inputs, tmp_path))


def test_an_output_shape_that_is_an_input_is_what_the_file_declares(tmp_path: Path) -> None:
    b = Builder()
    x = image(b)
    path = b.save(tmp_path / "m.tflite", [transpose_conv(b, b.input([4], "int32"), x)])
    archive = compile_model(path)
    inputs = [[row[0], np.array(SIZE, np.int32)] for row in rounds(archive.inputs, 4)]
    got = build(archive, tmp_path / "build", "-O0").run(inputs)
    check(got, wanted([row[:1] for row in inputs], tmp_path))


def test_an_open_output_shape_that_is_an_input_is_refused(tmp_path: Path) -> None:
    b = Builder()
    x = image(b)
    y = transpose_conv(b, b.input([4], "int32"), x)
    b.tensors[y].shapeSignature = [1, -1, -1, 2]
    with pytest.raises(CompileError, match="the output shape must be constant"):
        compile_model(b.save(tmp_path / "m.tflite", [y]))


@pytest.mark.parametrize("dtype", ["int8", "int16"])
def test_a_change_of_scale_of_32_bits(dtype: str, tmp_path: Path) -> None:
    b = Builder()
    x = b.input([1, 64], "int32", 1.4901161e-07)
    y = b.tensor([1, 64], dtype, 0.00092197 * (100 if dtype == "int8" else 1))
    b.op("QUANTIZE", [x], [y], "QuantizeOptions")
    path = b.save(tmp_path / "m.tflite", [y])
    archive = compile_model(path)
    values = np.linspace(-(2**31), 2**31 - 1, 64).astype(np.int32)[None]
    inputs = [[values], [values // 17], [values // 4001]]
    check(
        build(archive, tmp_path / "build", "-O0").run(inputs), litert(path, inputs, delegates=False)
    )
