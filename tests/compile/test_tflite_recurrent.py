# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Float recurrent layers of TFLite, in all variants, with their state, against LiteRT."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from compile_fixtures import build
from references import check, litert
from tflite_models import Builder
from zephyr_counters.compile import compile_model

pytestmark = pytest.mark.slow

BATCH, STEPS, SIZE, UNITS = 1, 4, 3, 5
RNG = np.random.default_rng(3)


def constant(made: Builder, *shape: int) -> int:
    """A tensor of random reals."""
    values = RNG.standard_normal(shape).astype(np.float32) * 0.5
    return int(made.tensor(shape, "float32", data=values))


def lstm(tmp_path: Path, variant: str, time_major: bool = False) -> Path:
    """A layer whose options the variant names."""
    made = Builder()
    outputs = 4 if "projection" in variant else UNITS
    shape = (STEPS, BATCH) if time_major else (BATCH, STEPS)
    x = made.input([*shape, SIZE], "float32")
    inputs = [x, *([-1] * 23)]
    gates = range(1, 4) if "coupled" in variant else range(4)
    for gate in gates:
        inputs[1 + gate] = constant(made, UNITS, SIZE)
        inputs[5 + gate] = constant(made, UNITS, outputs)
        inputs[12 + gate] = constant(made, UNITS)
        if "norm" in variant:
            inputs[20 + gate] = constant(made, UNITS)
    if "peephole" in variant:
        for place, gate in enumerate((0, 1, 3)):
            if gate in gates:
                inputs[9 + place] = constant(made, UNITS)
    if "projection" in variant:
        inputs[16], inputs[17] = constant(made, outputs, UNITS), constant(made, outputs)
    inputs[18] = made.tensor([BATCH, outputs], "float32", variable=True)
    inputs[19] = made.tensor([BATCH, UNITS], "float32", variable=True)
    y = made.tensor([*shape, outputs], "float32")
    made.op(
        "UNIDIRECTIONAL_SEQUENCE_LSTM",
        inputs if "norm" in variant else inputs[:20],
        [y],
        "UnidirectionalSequenceLSTMOptions",
        fusedActivationFunction=4,
        timeMajor=time_major,
        cellClip=0.9 if "clip" in variant else 0.0,
        projClip=0.4 if "clip" in variant else 0.0,
    )
    return made.save(tmp_path / "lstm.tflite", [y])


def agree(path: Path, tmp_path: Path) -> None:
    """Three runs, whose state goes on, equal those of LiteRT."""
    archive = compile_model(path)
    shape = archive.inputs[0].shape
    rounds: Any = [[RNG.standard_normal(shape).astype(np.float32)] for _ in range(3)]
    check(build(archive, tmp_path / "build", "-O0").run(rounds), litert(path, rounds), part=1e-4)


@pytest.mark.slow
@pytest.mark.parametrize(
    "variant",
    ["plain", "coupled", "peephole", "projection clip", "norm", "coupled peephole projection norm"],
)
def test_lstm(variant: str, tmp_path: Path) -> None:
    agree(lstm(tmp_path, variant), tmp_path)


def test_lstm_by_time(tmp_path: Path) -> None:
    agree(lstm(tmp_path, "peephole", time_major=True), tmp_path)


@pytest.mark.parametrize(("name", "activation"), [("RNN", 4), ("UNIDIRECTIONAL_SEQUENCE_RNN", 1)])
def test_rnn(name: str, activation: int, tmp_path: Path) -> None:
    made = Builder()
    steps = [STEPS] if "SEQUENCE" in name else []
    x = made.input([BATCH, *steps, SIZE], "float32")
    weights = [constant(made, UNITS, SIZE), constant(made, UNITS, UNITS), constant(made, UNITS)]
    state = made.tensor([BATCH, UNITS], "float32", variable=True)
    y = made.tensor([BATCH, *steps, UNITS], "float32")
    options = "SequenceRNNOptions" if steps else "RNNOptions"
    made.op(name, [x, *weights, state], [y], options, fusedActivationFunction=activation)
    agree(made.save(tmp_path / "rnn.tflite", [y]), tmp_path)
