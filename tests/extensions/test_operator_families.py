# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""An extension in a temporary folder computes operators of every family by C of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from compile_fixtures import build
from onnx_models import Quantized, evaluate
from zephyr_counters.compile import compile_model
from zephyr_counters.errors import CompileError

# Plain C for one operator of each family; sizes come in as a constant.
SOURCE = r"""
#include <stdint.h>
#include <string.h>

static int clamp(int64_t v, const int32_t *p)
{
	return v < p[1] ? p[1] : v > p[2] ? p[2] : (int)v;
}

/* p: size, low, high, zero of a, b and y, factor of a and b, shift */
int32_t toy_add(const int8_t *a, const int8_t *b, const int32_t *p, int8_t *y)
{
	for (int i = 0; i < p[0]; i++) {
		int32_t acc = (a[i] - p[3]) * p[6] + (b[i] - p[4]) * p[7] + (1 << (p[8] - 1));
		y[i] = clamp((acc >> p[8]) + p[5], p);
	}
	return 0;
}

/* p: size, low, high, zero of a, b and y, multiplier, shift */
int32_t toy_multiply(const int8_t *a, const int8_t *b, const int32_t *p, int8_t *y)
{
	for (int i = 0; i < p[0]; i++) {
		int64_t acc = (int64_t)((a[i] - p[3]) * (b[i] - p[4])) * p[6];
		y[i] = clamp(((acc + (1LL << (p[7] - 1))) >> p[7]) + p[5], p);
	}
	return 0;
}

int32_t toy_table(const int8_t *x, const int8_t *table, const int32_t *p, int8_t *y)
{
	for (int i = 0; i < p[0]; i++) {
		y[i] = table[x[i] + 128];
	}
	return 0;
}

/* p: rows, low, high, zero of y, depth, steps; scratch: depth words */
int32_t toy_softmax(const int8_t *x, const int32_t *table, const int32_t *p, int8_t *y,
	void *scratch)
{
	int32_t *e = scratch;
	for (int row = 0; row < p[0]; row++, x += p[4], y += p[4]) {
		int8_t most = -128;
		int64_t sum = 0;
		for (int i = 0; i < p[4]; i++) {
			most = x[i] > most ? x[i] : most;
		}
		for (int i = 0; i < p[4]; i++) {
			sum += e[i] = table[most - x[i]];
		}
		for (int i = 0; i < p[4]; i++) {
			y[i] = clamp(((int64_t)e[i] * p[5] + (sum << 7)) / (sum << 8) + p[3], p);
		}
	}
	return 0;
}

/* p: bytes, fill (256 for none), rank; of each block: x offset, y offset, extents, strides */
static void copy(const int8_t *x, const int32_t *b, int rank, int8_t *y)
{
	const int32_t *extents = b + 2, *xs = extents + rank, *ys = xs + rank;
	int total = 1;
	for (int d = 0; d < rank; d++) {
		total *= extents[d];
	}
	for (int i = 0; i < total; i++) {
		int at = b[0], to = b[1], rest = i;
		for (int d = rank - 1; d >= 0; d--) {
			at += rest % extents[d] * xs[d];
			to += rest % extents[d] * ys[d];
			rest /= extents[d];
		}
		y[to] = x[at];
	}
}

int32_t toy_move1(const int8_t *x, const int32_t *p, int8_t *y)
{
	if (p[1] != 256) {
		memset(y, p[1], p[0]);
	}
	copy(x, p + 3, p[2], y);
	return 0;
}

int32_t toy_move2(const int8_t *x0, const int8_t *x1, const int32_t *p, int8_t *y)
{
	copy(x0, p + 3, p[2], y);
	copy(x1, p + 3 + 2 + 3 * p[2], p[2], y);
	return 0;
}
"""

# A header: included into kernels.c, so that the function can be inlined.
HEADER = r"""
/* p: window height and width, stride, channels, widths of x and y, height of y, zeros, clamp,
 * multiplier and shift, 0 for the maximum; a batch of one, NCHW
 */
static inline int32_t toy_pool(const int8_t *x, const int32_t *p, int8_t *y)
{
	for (int i = 0; i < p[4] * p[8] * p[7]; i++) {
		int c = i / (p[7] * p[8]), h = i / p[7] % p[8], w = i % p[7];
		int64_t acc = 0;
		int most = -128;
		for (int k = 0; k < p[0] * p[1]; k++) {
			int v = x[(c * p[5] + h * p[2] + k / p[1]) * p[6] + w * p[3] + k % p[1]];
			acc += v - p[9];
			most = v > most ? v : most;
		}
		acc = p[13] ? ((acc * p[13] + (1LL << (p[14] - 1))) >> p[14]) + p[10] : most;
		y[i] = acc < p[11] ? p[11] : acc > p[12] ? p[12] : acc;
	}
	return 0;
}
"""

KERNELS = """
from pathlib import Path

import numpy as np

from zephyr_counters.extensions.kernel import Candidate, CFile
from zephyr_counters.extensions.operator import (
    Activation, Addition, AveragePool, LayoutMove, MaxPool, Multiplication, Softmax,
)
from zephyr_counters.extensions.tensor_ir import c_call

HERE = Path(__file__).parent
SOURCE = CFile("toy_kernels.c", (HERE / "toy_kernels.c").read_text())
HEADER = CFile("toy_pool.h", (HERE / "toy_pool.h").read_text())


def words(*values):
    return np.array(values, np.int32)


class Toy:
    name = "toy"

    def candidates(self, op):
        if any(tensor.dtype != "int8" for tensor in (*op.inputs, op.y)):
            return
        make = getattr(self, type(op).__name__, None)
        if make is not None:
            yield Candidate("c", lambda: make(op), estimate=op.y.size)

    def call(self, name, op, *constants, file=SOURCE, **options):
        return c_call(name, op, name, constants=constants, files=[file], **options)

    def Addition(self, op):
        p = words(op.y.size, op.low, op.high, *op.zeros, op.y_zero, *op.factors, op.shift)
        return self.call("toy_add", op, p)

    def Multiplication(self, op):
        p = words(op.y.size, op.low, op.high, *op.zeros, op.y_zero, op.multiplier, op.shift)
        return self.call("toy_multiply", op, p)

    def Activation(self, op):
        return self.call("toy_table", op, op.table, words(op.x.size))

    def Softmax(self, op):
        depth = op.x.shape[-1]
        p = words(op.x.size // depth, op.low, op.high, op.y_zero, depth, op.steps)
        return self.call("toy_softmax", op, op.table, p, scratch=4 * depth, requires=["toy-core"])

    def AveragePool(self, op):
        return self.pool(op, op.x_zero, op.y_zero, op.low, op.high, *op.scale)

    def MaxPool(self, op):
        assert (op.pad_top, op.pad_left, op.dilation) == (0, 0, (1, 1))
        return self.pool(op, 0, 0, -128, 127, 0, 0)

    def pool(self, op, *rest):
        p = words(
            *op.window, *op.stride, op.x.channels, op.x.height, op.x.width, op.y.width,
            op.y.height, *rest,
        )
        return self.call("toy_pool", op, p, file=HEADER)

    def LayoutMove(self, op):
        (rank,) = {len(block.extents) for block in op.blocks}
        p = [op.y.size, 256 if op.fill is None else op.fill, rank]
        for b in op.blocks:
            p += [b.x_offset, b.y_offset, *b.extents, *b.x_strides, *b.y_strides]
        return self.call(f"toy_move{len(op.blocks)}", op, words(*p))


def register(add):
    add(Toy())
"""


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    folder = tmp_path / "vendor" / "toy"
    folder.mkdir(parents=True)
    (folder / "extension.json").write_text('{"format": 1, "name": "toy", "patterns": "kernels.py"}')
    (folder / "kernels.py").write_text(KERNELS)
    (folder / "toy_kernels.c").write_text(SOURCE)
    (folder / "toy_pool.h").write_text(HEADER)
    monkeypatch.setenv("ZEPHYR_COUNTERS_EXTENSIONS", str(folder.parent))
    return folder


def addition(q: Any) -> Any:
    a, b = q.input((1, 4, 5, 5), 0.07, 4), q.input((1, 4, 5, 5), 0.02, -30)
    return q.finish(q.node("Relu", [q.node("Add", [a, b])]), (1, 4, 5, 5), 0.0613, -128)


def multiplication(q: Any) -> Any:
    a, b = q.input((1, 4, 5, 5), 0.07, 4), q.input((1, 4, 5, 5), 0.02, -30)
    return q.finish(q.node("Mul", [a, b]), (1, 4, 5, 5), 0.1, 3)


def average_pool(q: Any) -> Any:
    y = q.node("AveragePool", [q.input((1, 3, 6, 4))], kernel_shape=[2, 2], strides=[2, 2])
    return q.finish(y, (1, 3, 3, 2), 0.0317, 7)


def max_pool(q: Any) -> Any:
    x = q.input((1, 3, 7, 4), 0.1, -5)
    y = q.node("MaxPool", [x], kernel_shape=[3, 2], strides=[2, 1])
    return q.finish(y, (1, 3, 3, 3))


def sigmoid(q: Any) -> Any:
    return q.finish(q.node("Sigmoid", [q.input((1, 30))]), (1, 30), 1 / 256, -128)


def hard_swish(q: Any) -> Any:
    return q.finish(q.node("HardSwish", [q.input((2, 70))]), (2, 70), 0.03, -100)


def change_of_scale(q: Any) -> Any:
    return q.finish(q.input((1, 30), 0.05, 3), (1, 30), 0.031, -7)


def softmax(q: Any) -> Any:
    x = q.input((3, 300), 0.11, 20)
    return q.finish(q.node("Softmax", [x], axis=-1), (3, 300), 1 / 256, -128)


def transpose(q: Any) -> Any:
    y = q.node("Transpose", [q.input((1, 3, 4, 5), 0.1, -5)], perm=[0, 3, 1, 2])
    return q.finish(y, (1, 5, 3, 4))


def pad(q: Any) -> Any:
    pads = q.constant(np.array([0, 1, 0, 0, 0, 0, 2, 0]))
    return q.finish(q.node("Pad", [q.input((1, 3, 4, 5), 0.1, -5), pads]), (1, 4, 6, 5))


def concat(q: Any) -> Any:
    a, b = q.input((1, 3, 4, 2), 0.1, -5), q.input((1, 5, 4, 2), 0.1, -5)
    return q.finish(q.node("Concat", [a, b], axis=1), (1, 8, 4, 2))


def reshape(q: Any) -> Any:
    x = q.input((1, 3, 4, 5), 0.1, -5)
    return q.finish(q.node("Reshape", [x, q.constant(np.array([1, -1]))]), (1, 60))


MODELS = (
    addition, multiplication, average_pool, max_pool, sigmoid, hard_swish, change_of_scale,
    softmax, transpose, pad, concat, reshape,
)  # fmt: skip
EXACT = (max_pool, transpose, pad, concat, reshape)


@pytest.mark.slow
@pytest.mark.parametrize("make", MODELS)
def test_an_extension_computes_it(make: Any, toy: Any, tmp_path: Path) -> None:
    made = make(Quantized(seed=3))
    path = tmp_path / "model.onnx"
    onnx.save(made, path)
    archive = compile_model(path, "c,toy")
    assert [layer.accelerator for layer in archive.layers] == ["toy"]
    assert archive.accelerators == ("toy",)
    brought = {name for name in archive.files if "toy" in name}
    assert brought == {"src/toy_pool.h" if "pool" in make.__name__ else "src/toy_kernels.c"}

    rng = np.random.default_rng(5)
    rounds = [
        [rng.integers(-128, 128, tensor.shape).astype(np.int8) for tensor in archive.inputs]
        for _ in range(4)
    ]
    flags = ("-fsanitize=address,undefined", "-fno-sanitize-recover=all")
    names = [tensor.name for tensor in archive.inputs]
    for arrays, (output,) in zip(
        rounds, build(archive, tmp_path / "built", *flags).run(rounds), strict=True
    ):
        expected = evaluate(made, **dict(zip(names, arrays, strict=True)))[0]
        error = np.abs(output.astype(int) - expected.astype(int))
        assert error.max() <= (0 if make in EXACT else 1)
        assert np.mean(error) < 0.02
        assert len(np.unique(output)) > 1


def test_what_c_needs_is_in_the_archive(toy: Any, tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    onnx.save(softmax(Quantized(seed=3)), path)
    archive = compile_model(path, "c,toy")
    assert archive.metadata["core"] == ["toy-core"]
    assert archive.memory.workspace == 1200
    assert compile_model(path, "c").metadata["core"] == []


def test_names_of_c_files_that_cannot_be(toy: Any, tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    onnx.save(addition(Quantized(seed=3)), path)
    assert compile_model(path, "c,toy")
    for name in ("plan.c", "../evil.c", "toy.py"):
        (toy / "kernels.py").write_text(KERNELS.replace('"toy_kernels.c",', f'"{name}",'))
        _forget(toy)
        with pytest.raises(CompileError, match="a C file cannot be called"):
            compile_model(path, "c,toy")


def test_a_library_that_fails_is_named(toy: Any, tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    onnx.save(addition(Quantized(seed=3)), path)
    (toy / "kernels.py").write_text(KERNELS.replace("p = words(op.y.size", "p = words(op.missing"))
    with pytest.raises(CompileError, match="library of target 'c,toy' failed at addition"):
        compile_model(path, "c,toy")


def _forget(toy: Any) -> None:
    """A loaded extension is not read again in one process."""
    import sys

    for name in [name for name in sys.modules if name.startswith("zephyr_counters_extension_")]:
        del sys.modules[name]
