# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A part of ONNX's own node tests: right, or refused by operator and layer; never wrong.

`make coverage-models` runs all of them.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import pytest
from coverage_models import trial
from onnx_backend import cases, needs_listed_onnx

EVERY = 16
# Refused: chance, empty tensors, and results whose number depends on inputs.
LEAST_PASSING = 0.9


@pytest.fixture(scope="module")
def chosen() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return cases()[::EVERY]


@pytest.mark.slow
def test_a_part_of_the_backend_tests(chosen: Any, tmp_path: Path) -> None:
    results = {}
    for case in chosen:
        folder = tmp_path / case.name
        folder.mkdir()
        results[case.name] = trial(case, folder)
    bad = {n: r for n, r in results.items() if r[0] not in ("pass", "refused")}
    assert not bad
    passing = [name for name, result in results.items() if result[0] == "pass"]
    assert len(passing) >= LEAST_PASSING * len(results), results


FIXED = [
    "test_isinf_positive",
    "test_mod_float_edge_cases_fmod_0_float32",
    "test_lstm_with_peepholes",
    "test_gru_seq_length",
    "test_layer_normalization_3d_axis1_epsilon",
    "test_resize_downsample_scales_cubic_antialias",
    "test_qlinearmatmul_3D_int8_float32",
    "test_top_k_smallest",
    "test_spacetodepth_crd_mode_example",
    "test_dropout_default_mask",
    "test_clip_min_greater_than_max",
    "test_convinteger_with_padding",
    "test_maxpool_with_argmax_2d_precomputed_pads",
    "test_maxpool_with_argmax_2d_precomputed_strides",
    "test_quantizelinear_blocked_symmetric",
    "test_dequantizelinear_blocked",
]


@pytest.mark.slow
@needs_listed_onnx
@pytest.mark.parametrize("name", FIXED)
def test_what_was_wrong_or_refused(name: Any, tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        case = next(case for case in cases() if case.name == name)
    assert trial(case, tmp_path) == ("pass", "")
