# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The extension cmsis-nn: what it takes, and that it gives the same bits as other kernels."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from random import Random
from typing import Any

import cmsis_nn_fixtures as cmsis_nn
import kernel_operators
import kernel_program
import numpy as np
import pytest
from kernel_program import EMULATION, HERE, INCLUDE
from models import shared_model
from zephyr_counters.cli.tvmc import main as tvmc
from zephyr_counters.compile import compile_model
from zephyr_counters.extensions.kernel import KernelLibrary, for_core
from zephyr_counters.extensions.loader import load
from zephyr_counters.extensions.operator import AveragePool, Convolution, MaxPool, Operator
from zephyr_counters.extensions.tensors import Image
from zephyr_counters.formats import core

from bench import emulated_core, kernels

SHAPES = 320


def library(mcpu: str) -> KernelLibrary:
    """The extension for a core."""
    return for_core(load("cmsis-nn").patterns(), core.features(mcpu))


def pool(kind: Any, window: tuple[int, int], zero: int = 0, **options: Any) -> Operator:
    """A pool without padding."""
    x = Image.of((1, 9, 8, 20), "int8", "NHWC")
    height, width = 9 - window[0] + 1, 8 - window[1] + 1
    y = Image.of((1, height, width, 20), "int8", "NHWC")
    if kind is MaxPool:
        return MaxPool(x, y, window, (1, 1), (1, 1), 0, 0)
    return AveragePool(x, y, window, (1, 1), zero, zero, -128, 127, None, **options)


def cases(mcpu: str) -> list[kernel_program.Case]:
    """Random operators that it takes, with the extremes of all parameters."""
    random = Random(f"cmsis-nn {mcpu}")
    operators = [kernel_operators.operator(random) for _ in range(SHAPES)]
    found = kernel_program.cases([library(mcpu)], operators, random)
    assert {case.candidate.name for case in found} == {
        *("conv", "depthwise", "dense", "average", "maximum")
    }
    return found


@pytest.mark.slow
@pytest.mark.parametrize("mcpu", ["cortex-m3", "cortex-m4", "cortex-m55"])
def test_the_same_bits_on_an_emulated_core(mcpu: str, tmp_path: Path) -> None:
    source = cmsis_nn.root()
    if missing := emulated_core.missing():
        pytest.skip(missing)
    machine = emulated_core.CORES[mcpu]
    compiler = (emulated_core.COMPILER, *machine.flags, "-mthumb", "-O2")
    built = cmsis_nn.library(source, compiler, "arm-none-eabi-ar", tmp_path / "library")
    found = cases(mcpu)
    sources = kernel_program.write(found, tmp_path / "program", emulated=False)
    program = emulated_core.build(
        machine,
        tmp_path / "program",
        [HERE / "kernel_runner_emulated.c", *sources, built],
        includes=f"{HERE} {source / 'Include'}",
        options=[cmsis_nn.DEFINE],
    )
    kernel_program.check(found, emulated_core.run(machine, program))


@pytest.mark.slow
def test_no_access_outside_of_tensors(tmp_path: Path) -> None:
    source = cmsis_nn.root()
    if shutil.which("cc") is None:
        pytest.skip("no cc")
    compiler = ("cc", "-O1", "-g", "-fsanitize=address", "-w")
    built = cmsis_nn.library(source, compiler, "ar", tmp_path / "library")
    found = cases("generic")
    sources = kernel_program.write(found, tmp_path / "program", emulated=False)
    includes = [f"-I{path}" for path in (INCLUDE, HERE, tmp_path / "program", EMULATION)]
    includes.append(f"-I{source / 'Include'}")
    command = [*compiler, cmsis_nn.DEFINE, "-std=gnu11", *includes]
    files = [str(path) for path in (HERE / "kernel_runner_host.c", *sources)]
    program = tmp_path / "run"
    subprocess.run([*command, *files, str(built), "-lm", "-o", str(program)], check=True)
    done = subprocess.run([program], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-3000:]
    kernel_program.check(found, done.stdout.splitlines())


@pytest.mark.slow
@pytest.mark.parametrize("name", ["kws_ref_model", "ad01_int8"])
def test_a_model_gives_the_same_side_by_side(name: str, tmp_path: Path) -> None:
    source = cmsis_nn.root()
    if missing := emulated_core.missing():
        pytest.skip(missing)
    machine = emulated_core.CORES["cortex-m4"]
    compiler = (emulated_core.COMPILER, *machine.flags, "-mthumb", "-O2")
    built = cmsis_nn.library(source, compiler, "arm-none-eabi-ar", tmp_path / "library")
    ours = compile_model(shared_model(name), mcpu="cortex-m4")
    theirs = compile_model(shared_model(name), "c,cmsis-nn", mcpu="cortex-m4")
    assert [layer.name for layer in ours.layers] == [layer.name for layer in theirs.layers]
    assert theirs.accelerators == ("cmsis-nn",)
    inputs = kernels.random_inputs(ours)
    expected = emulated_core.run_model(machine, ours, inputs, tmp_path / "ours")
    found = emulated_core.run_model(
        machine,
        theirs,
        inputs,
        tmp_path / "theirs",
        libraries=[built],
        options=[cmsis_nn.DEFINE, f"-I{source / 'Include'}"],
    )
    for a, b in zip(expected.outputs, found.outputs, strict=True):
        np.testing.assert_array_equal(a, b)


def test_what_it_takes() -> None:
    taken = [list(library("cortex-m4").candidates(op)) for op in (
        pool(AveragePool, (3, 3)), pool(MaxPool, (2, 2)), pool(AveragePool, (2, 2), zero=5),
    )]  # fmt: skip
    assert [len(found) for found in taken] == [1, 1, 0], "ties of a shifted average round otherwise"
    assert len(list(library("cortex-m4").candidates(pool(AveragePool, (3, 3), zero=5)))) == 1


def conv(kernel: int, groups: int, pad_before: int, width: int) -> Operator:
    """A convolution of an image with 9 columns."""
    x = Image.of((1, 9, 9, 8), "int8", "NHWC")
    y = Image.of((1, 9, width, 8), "int8", "NHWC")
    ones = np.ones(8, np.int32)
    weight = np.ones((8, kernel, kernel, 8 // groups), np.int8)
    options: Any = {"pad_top": pad_before, "pad_left": pad_before, "groups": groups}
    return Convolution(x, y, weight, ones, ones << 30, ones * 40, 0, 0, -128, 127, **options)


@pytest.mark.parametrize(
    ("mcpu", "op", "count"),
    [
        ("cortex-m4", conv(1, 1, 0, 9), 1),
        ("cortex-m4", conv(1, 1, 0, 10), 0),
        ("cortex-m4", conv(1, 1, 1, 11), 1),
        ("cortex-m4", conv(3, 8, 1, 9), 1),
        ("cortex-m4", conv(3, 8, 0, 9), 0),
        ("cortex-m55", conv(3, 8, 0, 9), 1),
    ],
)
def test_windows_that_it_would_read_beyond_the_image(mcpu: str, op: Operator, count: int) -> None:
    assert len(list(library(mcpu).candidates(op))) == count


def test_scratch_memory_and_constants_depend_on_the_core() -> None:
    sizes = {
        mcpu: compile_model(shared_model("kws_ref_model"), "c,cmsis-nn", mcpu=mcpu).metadata
        for mcpu in ("generic", "cortex-m4", "cortex-m55")
    }
    assert [data["core"] for data in sizes.values()] == [[], ["dsp"], ["mve"]]
    workspace = [data["memory"]["workspace"] for data in sizes.values()]
    assert workspace[2] > workspace[0]


def test_other_core_and_other_rounding_are_refused_when_compiled(tmp_path: Path) -> None:
    archive = compile_model(shared_model("ad01_int8"), "c,cmsis-nn", mcpu="cortex-m4")
    source = cmsis_nn.root()
    compiler = shutil.which("cc") or pytest.skip("no cc")
    archive.extract(tmp_path)
    file = str(tmp_path / "src" / "zc_cmsis_nn_dense.c")
    for options, why in (([], "single rounding"), ([cmsis_nn.DEFINE], "this very core")):
        command = [compiler, "-fsyntax-only", f"-I{source / 'Include'}", *options, file]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode != 0
        assert f"the model's kernels need {'CMSIS-NN with ' if not options else ''}{why}" in (
            done.stderr
        )


def test_a_project_takes_the_library_along(
    tmp_path: Path,
) -> None:
    for name in ("Include/arm_nnfunctions.h", "Source/one.c"):
        (tmp_path / "clone" / name).parent.mkdir(parents=True)
        (tmp_path / "clone" / name).touch()
    archive = compile_model(shared_model("ad01_int8"), "c,cmsis-nn", tmp_path / "model.tar")
    assert archive.accelerators == ("cmsis-nn",)
    command = ["micro", "create", str(tmp_path / "p"), str(tmp_path / "model.tar")]
    command += ["--template", "zephyr-counters", "--project-option", "board=posix"]
    assert tvmc([*command, f"cmsis_path={tmp_path / 'clone'}"]) == 0
    assert (tmp_path / "p" / "cmsis" / "Source" / "one.c").is_file()
    assert (tmp_path / "p" / "extensions" / "cmsis-nn" / "patterns.py").is_file()
