# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Runs a compiled model and its source model on the same inputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from zephyr_counters.compile import frontends
from zephyr_counters.compile import source as sources
from zephyr_counters.errors import UsageError
from zephyr_counters.validate import process
from zephyr_counters.validate.comparison import EXACT, Difference, compare
from zephyr_counters.validate.inputs import rounds
from zephyr_counters.validate.layers import LayerDifference, layer_differences, named

if TYPE_CHECKING:
    from zephyr_counters.board.board import Board
    from zephyr_counters.formats.model_archive import ModelArchive

MAX_STEPS = 1.0
"""Largest difference that is tolerated if nothing else is said, in quantization steps."""
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Validation:
    """What was compared with what, and the difference of each output."""

    runtime: str
    inputs: int
    differences: Sequence[Difference]
    steps: float = MAX_STEPS
    part: float = EXACT
    layers: Sequence[LayerDifference] = ()
    """Of each layer that equals a tensor of the source model, in order; if they were asked for."""
    layers_input: int = 0
    """The input that layers were compared with: where the outputs differ most."""

    @property
    def passed(self) -> bool:
        """Whether every output is within the tolerance."""
        return all(item.within(self.steps, self.part) for item in self.differences)

    @property
    def start(self) -> LayerDifference | None:
        """The first layer with any difference of integers, or one of reals beyond the tolerance."""
        found = (x for x in self.layers if not x.difference.within(0, self.part))
        return next(found, None)

    @property
    def first(self) -> LayerDifference | None:
        """The first layer beyond the tolerance; None if there is none, or none was compared."""
        found = (x for x in self.layers if not x.difference.within(self.steps, self.part))
        return next(found, None)


def on_board(
    board: Board,
    archive: ModelArchive,
    model: Path,
    given: Mapping[str, Any] | None = None,
    progress: Progress = lambda _: None,
    layers: bool = False,
    steps: float = MAX_STEPS,
) -> Validation:
    """Compare a board's results with those of the source model.

    Args:
        board: runs the archive's model.
        archive: what was compiled.
        model: the source model's file.
        given: arrays by input name, with one more dimension in front for several inputs; random
            and structured inputs if there are none.
        progress: called with a line before a part that may take a second.
        layers: compare each layer's result, too, with the input where the outputs differ most.
        steps: the largest difference to tolerate, in quantization steps.

    Raises:
        UsageError: the file is not the one that was compiled, or has no reference runtime.
    """
    source = sources.read(model)
    if source.sha256 != archive.metadata["source"]["sha256"]:
        raise UsageError(f"{model}: is not the file that {archive.name} was compiled from")
    wanted_tensors = named(archive) if layers else ()
    chosen = _given(archive, given) if given else rounds(archive.inputs)
    progress("running the source model")
    runtime = process.run(source, frontends.detect(source, None).name, chosen, wanted_tensors)
    wanted = runtime.outputs
    progress(f"running {len(chosen)} inputs")
    _reset(board, archive)
    got = []
    for inputs in chosen:
        _run(board, inputs)
        got.append([board.get_output(index) for index in range(len(archive.outputs))])
    differences = [
        compare(tensor.name, [r[i] for r in got], [r[i] for r in wanted], runtime.steps[i])
        for i, tensor in enumerate(archive.outputs)
    ]
    worst = _worst(got, wanted)
    found: Sequence[LayerDifference] = ()
    if layers:
        progress(f"running {len(archive.layers)} layers one by one")
        _reset(board, archive)
        # What is kept from one run to the next must be as it was.
        for inputs in chosen[:worst] if archive.memory.state else ():
            _run(board, inputs)
        for index, array in enumerate(chosen[worst]):
            board.set_input(index, array)
        names = [*(tensor.name for tensor in archive.outputs), *runtime.tensors]
        known = dict(zip(names, zip(wanted[worst], runtime.steps, strict=True), strict=True))
        found = layer_differences(board, archive, known)
    return Validation(
        runtime.name,
        len(chosen),
        differences,
        steps,
        runtime.tolerance,
        layers=found,
        layers_input=worst,
    )


def _reset(board: Board, archive: ModelArchive) -> None:
    if archive.memory.state:
        board.reset()


def _run(board: Board, inputs: Sequence[Any]) -> None:
    for index, array in enumerate(inputs):
        board.set_input(index, array)
    board.run()


def _worst(got: Sequence[Sequence[Any]], wanted: Sequence[Sequence[Any]]) -> int:
    """Return the index of the input where an output differs most; the first of equal ones."""
    far = [
        max(compare("", [x], [y]).largest for x, y in zip(a, b, strict=False))
        for a, b in zip(got, wanted, strict=True)
    ]
    return far.index(max(far))


def _given(archive: ModelArchive, given: Mapping[str, Any]) -> list[list[Any]]:
    names = [tensor.name for tensor in archive.inputs]
    unknown = sorted(set(given) - set(names))
    missing = sorted(set(names) - set(given))
    if unknown or missing:
        raise UsageError(
            f"the inputs are called {', '.join(names)}; "
            + (f"'{unknown[0]}' is not one" if unknown else f"'{missing[0]}' is missing")
        )
    columns = []
    for tensor in archive.inputs:
        array = np.asarray(given[tensor.name])
        shape = tuple(tensor.shape)
        if array.shape == shape:
            array = array[None]
        if array.shape[1:] != shape or array.dtype != np.dtype(tensor.dtype):
            raise UsageError(
                f"input '{tensor.name}' is {array.dtype}{list(array.shape)}; the model takes "
                f"{tensor.dtype}{list(shape)}, or several of them"
            )
        columns.append(list(array))
    if len({len(column) for column in columns}) != 1:
        raise UsageError("the inputs are not equally many")
    return [list(row) for row in zip(*columns, strict=True)]
