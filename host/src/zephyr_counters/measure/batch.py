# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Whether a model allows several calls of a layer in one record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zephyr_counters.errors import BoardError, UsageError

if TYPE_CHECKING:
    from zephyr_counters.measure.run import ProfileRun

_HINT = "measure it without --batch"


def check_batch(run: ProfileRun, number: int) -> None:
    """Check that `number` calls of each layer in a row compute what one call of each does.

    They do not if a layer overwrites its own input, or keeps something of its own between calls.
    Gives the model's state its first values. To be called before counters are selected, which
    forgets the records that this makes.

    Raises:
        UsageError: a layer has an output that is one of its inputs; or the outputs differ.
        BoardError: the firmware is too old.
    """
    for layer in () if run.archive is None else run.archive.layers:
        written = {tensor.name for tensor in layer.outputs}
        both = [one.name for one in layer.inputs if one.name in written and not one.constant]
        if both:
            raise UsageError(
                f"layer {layer.name} overwrites its input {both[0]}, so it cannot be called "
                f"{number} times in a row",
                f"{_HINT}, or compile it again with tvmc compile --no-overwrite",
            )
    board = run.device.board
    outputs = range(len(run.device_model().outputs))
    found = []
    for count in (1, number):
        board.reset()
        try:
            board.profile(1, count)
        except BoardError as error:
            if count == 1:
                raise
            raise BoardError(
                f"the board does not measure {number} calls in one record: {error.what}",
                "make the project anew, build and flash it",
            ) from error
        found.append([board.output_crc(index) for index in outputs])
    board.reset()
    if found[0] != found[1]:
        raise UsageError(
            f"the model's outputs change if each layer is called {number} times in a row: "
            f"{_culprit(run)} overwrites its input, or keeps something between calls",
            f"{_HINT}; if the layer overwrites its input, tvmc compile --no-overwrite helps",
        )


def _culprit(run: ProfileRun) -> str:
    """Return the first layer whose outputs change if it is called once more."""
    board = run.device.board
    for index, layer in enumerate(() if run.archive is None else run.archive.layers):
        outputs = []
        for _ in range(2):
            board.run_layer(index)
            outputs.append(
                [
                    board.layer_tensor(index, len(layer.inputs) + place, tensor.nbytes)
                    for place, tensor in enumerate(layer.outputs)
                ]
            )
        if outputs[0] != outputs[1]:
            return f"layer {layer.name}"
    return "one of them"
