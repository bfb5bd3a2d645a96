# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A model's inputs, given by name or in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..errors import UsageError

if TYPE_CHECKING:
    from .session import Session


def set_inputs(session: Session, inputs: Mapping[str, Any] | Sequence[Any] | None) -> None:
    """Set a model's inputs; None leaves what is set.

    Raises:
        UsageError: too few, too many, an unknown name, or a wrong shape or dtype.
    """
    if inputs is None:
        return
    board: Any = session.device.board
    if not isinstance(inputs, Mapping):
        model = session.device_model()
        if len(inputs) != len(model.inputs):
            raise UsageError(
                f"{len(inputs)} inputs were given, the model takes {len(model.inputs)}"
            )
        for index, value in enumerate(inputs):
            board.set_input(index, value)
        return
    if session.archive is None:
        raise UsageError(
            "inputs by name need the model's archive", "pass them in order, or pass archive="
        )
    places = {one.name: index for index, one in enumerate(session.archive.inputs)}
    if set(inputs) != set(places):
        raise UsageError(
            f"inputs {', '.join(map(repr, inputs))} were given, "
            f"the model takes {', '.join(map(repr, places))}"
        )
    for name, value in inputs.items():
        board.set_input(places[name], value)
