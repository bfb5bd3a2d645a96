# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""TensorFlow Lite Micro's signal operators: the same numbers, from one run to the next."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from compile_fixtures import build
from signal_models import CASES, RUNS, micro, recorded, save
from tflite_models import Builder
from zephyr_counters.compile import compile_model
from zephyr_counters.errors import CompileError


def same(got: Any, wanted: Any) -> bool:
    """Whether results are equal; floats but for rounding."""
    if wanted.dtype.kind == "f":
        return bool(np.allclose(got, wanted, rtol=0, atol=1e-5 * max(1e-6, np.abs(wanted).max())))
    return np.array_equal(got, wanted)


@pytest.mark.slow
def test_results_are_those_of_tensorflow_lite_micro(tmp_path: Path) -> None:
    cases = list(CASES.values())
    archive = compile_model(save(tmp_path / "all.tflite", cases))
    rounds = [[x for case in cases for x in case.rounds()[run]] for run in range(RUNS)]
    got = build(archive, tmp_path / "build", "-O1", "-fsanitize=undefined,address").run(rounds)
    wrong, first = [], 0
    for name, case in CASES.items():
        last = first + len(case.outputs)
        for run, wanted in enumerate(recorded(name)):
            found = got[run][first:last]
            valid = case.valid is None or bool(wanted[case.valid])
            for place, (a, b) in enumerate(zip(found, wanted, strict=True)):
                if (valid or place == case.valid) and not same(a, b):
                    wrong.append((name, run, a, b))
        first = last
    assert not wrong


@pytest.mark.slow
@pytest.mark.skipif(
    importlib.util.find_spec("tflite_micro") is None, reason="needs the package tflite-micro"
)
@pytest.mark.parametrize("name", CASES)
def test_the_record_is_of_tensorflow_lite_micro(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    found = micro(save(tmp_path / "model.tflite", [case]), case)
    for got, wanted in zip(found, recorded(name), strict=True):
        if case.valid is None or wanted[case.valid]:
            assert all(same(a, b) for a, b in zip(got, wanted, strict=True))


@pytest.mark.parametrize(
    ("operator", "inputs", "outputs", "options", "why"),
    [
        ("SignalRfft", [([90], "int16")], [([98], "int16")], {"fft_length": 96}, "its length 96"),
        ("SignalRfft", [([90], "int16")], [([66], "int16")], {"fft_length": 64}, "longer than 64"),
        ("SignalRfft", [([8], "int8")], [([18], "int8")], {"fft_length": 16}, "its input is int8"),
        ("SignalWindow", [([8], "int16"), ([3], "int16")], [([8], "int16")], {"shift": 1},
         "no multiple of 3"),
        ("SignalEnergy", [([8], "int16")], [([4], "uint32")], {"start_index": 0, "end_index": 5},
         "its range 0 to 5"),
        ("SignalPCAN", [([4], "uint32")] * 2 + [([9], "int16")], [([4], "uint32")],
         {"snr_shift": 6}, "its table has not 125"),
        ("SignalStacker", [([3], "int16")], [([9], "int16"), ([], "bool")],
         {"num_channels": 3, "stacker_left_context": 1, "stacker_right_context": 1,
          "stacker_step": 4}, "its step 4"),
        ("SignalFramer", [([8], "int16")], [([2, 3], "int16"), ([], "bool")],
         {"frame_size": 3, "frame_step": 4, "prefill": True}, "longer than its frames"),
        ("SignalDelay", [([8], "int16")], [([8], "int16")], {"delay_length": 1 << 30},
         "its delay is 1073741824"),
        ("SignalFramer", [([4000], "int16")], [([4000, 3], "int16"), ([], "bool")],
         {"frame_size": 3, "frame_step": 1, "prefill": True}, "4000 frames of one input"),
        ("CIRCULAR_BUFFER", [([1, 1, 1, 3], "int8")], [([1, 4, 1, 3], "int8")], {"cycles_max": 2},
         "may end a run halfway"),
    ],
)  # fmt: skip
def test_what_would_read_elsewhere_is_refused(
    operator: str, inputs: Any, outputs: Any, options: Any, why: str, tmp_path: Path
) -> None:
    made = Builder()
    tensors = [made.input(shape, dtype) for shape, dtype in inputs]
    results = [made.tensor(shape, dtype) for shape, dtype in outputs]
    made.custom(operator, tensors, results, **options)
    with pytest.raises(CompileError, match=f"operator {operator}, layer 't.*{why}"):
        compile_model(made.save(tmp_path / "model.tflite", results))


def test_a_band_outside_of_the_spectrum_is_refused(tmp_path: Path) -> None:
    made = Builder()
    x, y = made.input([8], "uint32"), made.tensor([2], "uint64")
    weights = made.tensor([9], "int16", data=np.ones(9))
    starts, widths = (made.tensor([3], "int16", data=np.array(n)) for n in ([0, 2, 6], [2, 2, 3]))
    made.custom("SignalFilterBank", [x, weights, weights, starts, starts, widths], [y],
                num_channels=2)  # fmt: skip
    with pytest.raises(CompileError, match="a band reads outside"):
        compile_model(made.save(tmp_path / "model.tflite", [y]))


@pytest.mark.parametrize("options", [b"\x00", b"\x07\x01\x01", b"\xff" * 40])
def test_options_that_are_no_map(options: bytes, tmp_path: Path) -> None:
    made = Builder()
    x, y = made.input([8], "int16"), made.tensor([8], "int16")
    made.custom("SignalDelay", [x], [y])
    made.operators[-1].customOptions = list(options)
    with pytest.raises(CompileError, match="operator SignalDelay, layer 't1': its option"):
        compile_model(made.save(tmp_path / "model.tflite", [y]))
