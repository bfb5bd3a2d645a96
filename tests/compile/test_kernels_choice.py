# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Which kernel libraries a core has, and which candidate an operator gets."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import kernel_operators
import numpy as np
import onnx
import pytest
from onnx_models import Quantized
from tflite_models import Builder
from zephyr_counters import resources
from zephyr_counters.compile import compile_model, kernels, target
from zephyr_counters.compile.kernels import c_kernel, libraries_for
from zephyr_counters.errors import UsageError
from zephyr_counters.extensions.operator import Convolution, OffsetConvolution, Operator
from zephyr_counters.extensions.tensors import Image
from zephyr_counters.formats import core
from zephyr_counters.formats.model_metadata import LayerCandidate

from bench import emulated_core


def names(mcpu: str) -> set[str]:
    return {library.name for library in libraries_for(core.features(mcpu))}


def test_a_core_has_the_libraries_that_it_can_run() -> None:
    for mcpu in ("generic", "cortex-m0plus", "cortex-m3", "riscv", "cortex-m33+nodsp+nofp"):
        assert names(mcpu) == {"portable"}
    for mcpu in ("cortex-m4", "cortex-m7", "cortex-m33", "cortex-m35p"):
        assert names(mcpu) == {"portable", "dsp", "vfp"}
    assert names("cortex-m4+nofp") == {"portable", "dsp"}
    assert names("cortex-m55") == {"portable", "dsp", "vfp", "mve", "mve-float"}
    assert names("cortex-m85+nomve.fp") == {"portable", "dsp", "vfp", "mve"}


@pytest.mark.parametrize("mcpu", ["cortex-m99", "", "cortex-m4+fast"])
def test_an_unknown_core_is_an_error_with_the_list(mcpu: str) -> None:
    with pytest.raises(UsageError) as error:
        core.features(mcpu)
    assert mcpu in str(error.value)
    assert ("cortex-m55" in str(error.value.hint)) or ("+nodsp" in str(error.value.hint))


def convolution(**changes: object) -> Convolution:
    """A convolution that every library computes."""
    x, y = (Image.of((1, 4, 4, 16), "int8", "NHWC") for _ in range(2))
    op = Convolution(
        x=x,
        y=y,
        weight=np.ones((16, 3, 3, 16), np.int8),
        bias=np.zeros(16, np.int32),
        multiplier=np.full(16, 2**30, np.int32),
        shift=np.full(16, 40, np.int32),
        x_zero=0,
        y_zero=0,
        low=-128,
        high=127,
        pad_top=1,
        pad_left=1,
    )
    return replace(op, **changes)


def chosen(op: Operator, mcpu: str) -> str:
    choice = target.parse("c", mcpu).choice(op)
    assert choice is not None
    return choice.candidate.name


def test_the_cheapest_candidate_is_taken() -> None:
    op = convolution()
    assert chosen(op, "cortex-m3") == "direct"
    assert chosen(op, "cortex-m4") == chosen(op, "cortex-m55") == "conv"
    assert set(target.parse("c", "cortex-m55").choice(op).candidate.lower().requires) == {"mve"}


def test_types_groups_and_layouts_that_a_core_has_kernels_for() -> None:
    uint8 = Image.of((1, 4, 4, 16), "uint8", "NHWC")
    nchw = Image.of((1, 16, 4, 4), "int8", "NCHW")
    grouped = convolution(weight=np.ones((16, 3, 3, 8), np.int8), groups=2)
    multiplied = convolution(
        x=Image.of((1, 4, 4, 8), "int8", "NHWC"), weight=np.ones((16, 3, 3, 1), np.int8), groups=8
    )
    five = np.ones((16, 5, 5, 1), np.int8)
    for op, on_m4, on_m55 in (
        (convolution(x=uint8, y=uint8, low=0, high=255), "conv", "conv"),
        (convolution(x=nchw, y=nchw), "gather", "gather"),
        (grouped, "gather", "gather"),
        (multiplied, "planes", "lanes"),
        (replace(multiplied, weight=five, pad_top=2, pad_left=2), "plane-pairs", "lanes"),
        (convolution(dilation=(2, 2), pad_top=2, pad_left=2), "conv", "conv"),
        (OffsetConvolution(multiplied, 3), "plane-pairs", "plane-pairs"),
        (OffsetConvolution(convolution(), 3), "offset", "offset"),
    ):
        assert (chosen(op, "cortex-m4"), chosen(op, "cortex-m55")) == (on_m4, on_m55)


def test_what_a_library_cannot_do_exactly_falls_back() -> None:
    weight = np.full((16, 3, 3, 16), -128, np.int8)
    # Offsets of taps do not fit into 16 bits, and a channel is no plane.
    nchw = Image.of((1, 16, 80, 80), "int8", "NCHW")
    assert chosen(convolution(x=nchw, y=nchw), "cortex-m4") == "direct"
    # Two weights of -128 do not fit into a halfword together; MVE has no such pairs.
    assert chosen(convolution(weight=weight), "cortex-m4") == "direct"
    assert chosen(convolution(weight=weight), "cortex-m55") == "conv"
    # The high word of a product is not enough; outputs vary over the whole range.
    shift = np.full(16, 31, np.int32)
    assert chosen(convolution(shift=shift), "cortex-m55") == "direct"


def test_estimates_are_positive_and_lowering_does_not_need_another_core() -> None:
    random = Random(7)
    for _ in range(30):
        op = kernel_operators.operator(random)
        for library in libraries_for(core.features("cortex-m55")):
            for candidate in library.candidates(op):
                assert candidate.estimate > 0
                assert candidate.lower().requires <= core.features("cortex-m55")


def quantized_sum(path: Path) -> Path:
    q = Quantized(seed=1)
    sums = q.node("Add", [q.input((1, 30)), q.input((1, 30))])
    onnx.save(q.finish(sums, (1, 30), 1 / 64, 0), path)
    return path


def test_the_archive_says_what_it_needs(tmp_path: Path) -> None:
    path = quantized_sum(tmp_path / "model.onnx")
    plain = compile_model(path)
    assert plain.metadata["core"] == [] and plain.metadata["mcpu"] is None
    assert not [name for name in plain.files if "zc_" in name]
    for_m4 = compile_model(path, mcpu="cortex-m4")
    assert for_m4.metadata["core"] == ["dsp"] and for_m4.metadata["mcpu"] == "cortex-m4"
    assert "src/zc_dsp_add.c" in for_m4.files
    # Nothing that a Cortex-M3 lacks: the same code as for any core.
    for_m3 = compile_model(path, mcpu="cortex-m3")
    assert for_m3.files["src/kernels.c"] == plain.files["src/kernels.c"]


def test_layers_say_which_candidate_runs_them(tmp_path: Path) -> None:
    path = quantized_sum(tmp_path / "model.onnx")
    (layer,) = [one for one in compile_model(path, mcpu="cortex-m4").layers if "add" in one.ops]
    assert str(layer.candidate) == "dsp/words"
    model = resources.path("examples") / "digits" / "digits_int8.onnx"
    found = {layer.candidate for layer in compile_model(model).layers}
    assert LayerCandidate("portable", "direct", (("tile", "4"),)) in found
    assert None in found
    assert "dsp/planes pitch=16" in {
        str(layer.candidate) for layer in compile_model(model, mcpu="cortex-m4").layers
    }


@pytest.mark.slow
def test_code_of_c_files_is_as_large_as_said(tmp_path: Path) -> None:
    if missing := emulated_core.missing():
        pytest.skip(missing)
    folder = Path(kernels.__file__).parent
    for file in folder.glob("*/*.[ch]"):
        (tmp_path / file.name).write_text(file.read_text())
    files = {file.name: file for file in tmp_path.glob("*.c")}
    sizes = emulated_core.text_sizes(emulated_core.CORES["cortex-m55"], files)
    assert sizes.keys() == c_kernel.TEXT_BYTES.keys()
    for name, size in sizes.items():
        assert c_kernel.TEXT_BYTES[name] == pytest.approx(size, rel=0.25, abs=24), name


def test_every_table_of_a_model_is_a_kernel(tmp_path: Path) -> None:
    """TVM numbers what a frontend calls a lookup, from the second one on."""
    model = Builder()
    x = model.input((1, 40), "int8", 0.05, 3)
    for name in ("LOGISTIC", "TANH", "LOGISTIC"):
        y = model.tensor((1, 40), "int8", 1 / 128, 0 if name == "TANH" else -128)
        model.op(name, [x], [y])
        x = y
    archive = compile_model(model.save(tmp_path / "model.tflite", [x]), mcpu="cortex-m55")
    assert [str(layer.candidate) for layer in archive.layers] == ["mve/lanes"] * 3
