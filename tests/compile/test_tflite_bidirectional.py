# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Float layers of both directions, and LSTM of one step, with their state, against LiteRT."""

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

pytestmark = pytest.mark.slow

STEPS, SIZE, UNITS, BACK = 3, 3, 5, 2
TANH = 4
RNG = np.random.default_rng(4)


class Layers(Builder):
    """Layers with random weights; their matrices are int8 on demand."""

    def __init__(self, *, int8: bool = False) -> None:
        super().__init__()
        self.int8 = int8

    def constant(self, *shape: int) -> int:
        values = RNG.standard_normal(shape).astype(np.float32) * 0.5
        if not self.int8 or len(shape) == 1:
            return int(self.tensor(shape, "float32", data=values))
        scale = float(np.abs(values).max()) / 127
        return int(self.tensor(shape, "int8", scale, data=np.round(values / scale)))

    def variable(self, *shape: int) -> int:
        return int(self.tensor(shape, "float32", variable=True))


def cell(made: Layers, variant: str, units: int, outputs: int) -> list[int]:
    """The 17 constants of an LSTM cell, as its operators have them in order."""
    inputs = [-1] * 17
    gates = range(1, 4) if "coupled" in variant else range(4)
    for gate in gates:
        inputs[gate] = made.constant(units, SIZE)
        inputs[4 + gate] = made.constant(units, outputs)
        inputs[11 + gate] = made.constant(units)
    if "peephole" in variant:
        for place, gate in enumerate((0, 1, 3)):
            if gate in gates:
                inputs[8 + place] = made.constant(units)
    if "projection" in variant:
        inputs[15], inputs[16] = made.constant(outputs, units), made.constant(outputs)
    return inputs


def sequence(variant: str, batch: int) -> list[int]:
    """The shape of a sequence without its last axis."""
    return [STEPS, batch] if "by time" in variant else [batch, STEPS]


def results(made: Layers, variant: str, lead: list[int], forward: int, backward: int) -> Any:
    """Tensors for what a layer gives."""
    sizes = [forward + backward] if "merged" in variant else [forward, backward]
    return [made.tensor([*lead, size], "float32") for size in sizes]


def lstm(tmp_path: Path, variant: str, batch: int = 1, clip: float = 0.0) -> Path:
    """A layer whose options the variant names."""
    made = Layers(int8="int8" in variant)
    lead = sequence(variant, batch)
    x = made.input([*lead, SIZE], "float32")
    size = 4 if "projection" in variant else UNITS
    cells = [index for _ in range(2) for index in cell(made, variant, UNITS, size)]
    states = [made.variable(batch, n) for n in (size, UNITS, size, UNITS)]
    auxiliary = [-1] * 9
    if "stacked" in variant:
        auxiliary[0] = made.input([*lead, SIZE], "float32")
    if "crossed" in variant:
        auxiliary[0] = made.input([*lead, 2], "float32")
        for first in (1, 5):
            for gate in range(1, 4) if "coupled" in variant else range(4):
                auxiliary[first + gate] = made.constant(UNITS, 2)
    outputs = results(made, variant, lead, size, size)
    made.op(
        "BIDIRECTIONAL_SEQUENCE_LSTM",
        [x, *cells, *states, *auxiliary],
        outputs,
        "BidirectionalSequenceLSTMOptions",
        fusedActivationFunction=TANH,
        cellClip=clip,
        projClip=clip / 2,
        mergeOutputs="merged" in variant,
        timeMajor="by time" in variant,
    )
    return made.save(tmp_path / "lstm.tflite", outputs)


def rnn(
    tmp_path: Path, variant: str, batch: int = 1, activation: int = TANH, extra: int = SIZE
) -> Path:
    """A layer whose options the variant names; its directions have different sizes."""
    made = Layers(int8="int8" in variant)
    lead = sequence(variant, batch)
    x = made.input([*lead, SIZE], "float32")
    inputs = [x]
    for units in (UNITS, BACK):
        weights = [made.constant(units, SIZE), made.constant(units, units)]
        inputs += [*weights, made.constant(units), made.variable(batch, units)]
    auxiliary = [-1] * 3
    if "stacked" in variant or "crossed" in variant:
        auxiliary[0] = made.input([*lead, extra], "float32")
    if "crossed" in variant:
        auxiliary[1:] = [made.constant(units, extra) for units in (UNITS, BACK)]
    outputs = results(made, variant, lead, UNITS, BACK)
    made.op(
        "BIDIRECTIONAL_SEQUENCE_RNN",
        [*inputs, *auxiliary],
        outputs,
        "BidirectionalSequenceRNNOptions",
        fusedActivationFunction=activation,
        mergeOutputs="merged" in variant,
        timeMajor="by time" in variant,
    )
    return made.save(tmp_path / "rnn.tflite", outputs)


def single(
    tmp_path: Path, variant: str, *, kernel: int = 0, dtype: str = "float32", kept: bool = True
) -> Path:
    """An LSTM of one step."""
    made = Layers(int8="int8" in variant)
    outputs = 4 if "projection" in variant else UNITS
    x = made.input([1, SIZE], dtype, 0.1 if dtype == "int8" else None)
    inputs = [x, *cell(made, variant, UNITS, outputs)]
    inputs += [made.tensor([1, size], "float32", variable=kept) for size in (outputs, UNITS)]
    if "norm" in variant:
        inputs += [made.constant(UNITS) for _ in range(4)]
    y = made.tensor([1, outputs], "float32")
    made.op("LSTM", inputs, [y], "LSTMOptions", fusedActivationFunction=TANH, kernelType=kernel)
    return made.save(tmp_path / "single.tflite", [y])


def agree(path: Path, tmp_path: Path, part: float = 1e-4) -> None:
    """Three runs, whose state goes on, equal those of LiteRT within a part of the largest."""
    archive = compile_model(path)
    shapes = [tensor.shape for tensor in archive.inputs]
    rounds: Any = [
        [RNG.standard_normal(shape).astype(np.float32) for shape in shapes] for _ in range(3)
    ]
    wanted = litert(path, rounds)
    check(build(archive, tmp_path / "build", "-O0").run(rounds), wanted, part=part)


@pytest.mark.parametrize(
    "variant", ["plain", "merged coupled peephole", "merged by time projection", "stacked"]
)
def test_lstm_of_both_directions(variant: str, tmp_path: Path) -> None:
    agree(lstm(tmp_path, variant), tmp_path)


@pytest.mark.parametrize("variant", ["merged by time projection", "projection"])
def test_lstm_of_several_sequences_with_clips(variant: str, tmp_path: Path) -> None:
    agree(lstm(tmp_path, variant, batch=2, clip=0.6), tmp_path)


def test_lstm_of_several_sequences_merged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Equals LiteRT's separate results: its merged ones read outside of the state here."""
    paths = []
    for variant in ("merged", "plain"):
        monkeypatch.setitem(globals(), "RNG", np.random.default_rng(5))
        (tmp_path / variant).mkdir()
        paths.append(lstm(tmp_path / variant, variant, batch=2))
    archive = compile_model(paths[0])
    shape = archive.inputs[0].shape
    rounds: Any = [[RNG.standard_normal(shape).astype(np.float32)] for _ in range(3)]
    wanted = [[np.concatenate(found, 2)] for found in litert(paths[1], rounds)]
    check(build(archive, tmp_path / "build", "-O0").run(rounds), wanted, part=1e-4)


@pytest.mark.parametrize("layer", [lstm, rnn])
def test_int8_weights(layer: Any, tmp_path: Path) -> None:
    """LiteRT rounds activations to 8 bits, too."""
    agree(layer(tmp_path, "merged int8"), tmp_path, part=0.04)


@pytest.mark.parametrize("variant", ["crossed", "crossed coupled by time"])
def test_lstm_with_cross_links(variant: str, tmp_path: Path) -> None:
    agree(lstm(tmp_path, variant), tmp_path)


@pytest.mark.parametrize(
    ("variant", "batch", "activation"),
    [
        ("plain", 1, TANH),
        ("merged by time", 2, 1),
        ("merged stacked by time", 2, 3),
        ("crossed", 1, 0),
    ],
)
def test_rnn_of_both_directions(variant: str, batch: int, activation: int, tmp_path: Path) -> None:
    agree(rnn(tmp_path, variant, batch, activation), tmp_path)


@pytest.mark.parametrize(
    ("variant", "extra", "what"),
    [
        ("stacked", SIZE, "its auxiliary input without weights needs time as the first"),
        ("crossed by time", 2, "its input has 3 elements, its auxiliary input 2"),
    ],
)
def test_rnn_where_litert_misreads_the_auxiliary_input(
    variant: str, extra: int, what: str, tmp_path: Path
) -> None:
    with pytest.raises(CompileError, match=what):
        compile_model(rnn(tmp_path, variant, extra=extra))


@pytest.mark.parametrize("variant", ["plain", "peephole projection norm"])
def test_lstm_of_one_step(variant: str, tmp_path: Path) -> None:
    agree(single(tmp_path, variant), tmp_path)


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"kernel": 1}, "its kernel type BASIC is not supported"),
        ({"dtype": "int8"}, "its input is int8"),
        ({"kept": False}, "its state, input 18, is not a variable"),
    ],
)
def test_lstm_that_is_refused(options: Any, what: str, tmp_path: Path) -> None:
    with pytest.raises(CompileError, match=rf"operator LSTM, layer 't\d+': {what}"):
        compile_model(single(tmp_path, "plain", **options))


@pytest.mark.parametrize("kind", ["LSTM", "RNN"])
def test_both_directions_need_all_inputs(kind: str, tmp_path: Path) -> None:
    made = Builder()
    x, y = made.input([1, 3, 4], "float32"), made.tensor([1, 3, 4], "float32")
    name, options = f"BIDIRECTIONAL_SEQUENCE_{kind}", f"BidirectionalSequence{kind}Options"
    made.op(name, [x], [y], options, fusedActivationFunction=TANH)
    with pytest.raises(CompileError, match=rf"operator {name}, layer 't1': it has 1 inputs, not"):
        compile_model(made.save(tmp_path / "m.tflite", [y]))
