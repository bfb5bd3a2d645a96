# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The shared folder's cases: models that were refused, or wrong, with their right results."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from compile_fixtures import build
from models import SHARED
from references import check, litert, onnx_reference
from zephyr_counters.compile import compile_model
from zephyr_counters.validate.inputs import rounds

CASES = SHARED / "cases" / "models"
FOUND = sorted(p for p in CASES.glob("*/*") if p.suffix in (".onnx", ".tflite"))
# 16-bit softmax and averages are approximated by LiteRT in fixed point.
STEPS = {"net_int16": 2, "conv2d__i16": 1}


def name_of(path: Any) -> Any:
    return path.parent.name if path.stem == "model" else path.stem


@pytest.mark.slow
@pytest.mark.parametrize("path", FOUND, ids=name_of)
def test_the_case_is_right(path: Any, tmp_path: Path) -> None:
    name = name_of(path)
    archive = compile_model(path)
    values = path.with_suffix(".npz")
    if values.is_file():
        arrays = np.load(values)
        inputs = [[arrays[key] for key in sorted(arrays.files) if key.startswith("in")]]
        wanted = [[arrays[key] for key in sorted(arrays.files) if key.startswith("out")]]
    else:
        inputs = rounds(archive.inputs, 2)
        run = litert if path.suffix == ".tflite" else onnx_reference
        wanted = run(path, inputs)
    got = build(archive, tmp_path).run(inputs)
    check(got, wanted, steps=STEPS.get(name, 0))


# State, such as that of LSTM, is kept from one input to the next. None: LiteRT cannot run it.
ZOO = {
    "armzoo_rnnoise_int8": 0,
    "kenning_magic_wand_int8": 0,
    "mlonmcu_simple_mnist": 0,
    "mww_v2_vad": 0,
    "tflm_keyword_scrambled_8bit": None,
    "tflm_micro_speech": 0,
    "tfls_mbv1_025_224_uint8": 0,
    "tflm_mnist_lstm_int8": 1,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(ZOO))
def test_real_models_run(name: Any, tmp_path: Path) -> None:
    path = SHARED / "models" / "zoo" / f"{name}.tflite"
    if not path.is_file():
        pytest.skip(f"{path} is missing")
    archive = compile_model(path)
    inputs = rounds(archive.inputs, 4)
    got = build(archive, tmp_path, "-O1").run(inputs)
    if ZOO[name] is not None:
        check(got, litert(path, inputs), steps=ZOO[name])
