# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A model's inputs, given by name or in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from zephyr_counters.errors import UsageError

if TYPE_CHECKING:
    from zephyr_counters.measure.run import Session


def set_inputs(session: Session, inputs: Mapping[str, Any] | Sequence[Any] | None) -> None:
    """Set a model's inputs; None leaves what is set.

    Raises:
        UsageError: too few, too many, an unknown name, or a wrong shape or dtype.
    """
    if inputs is None:
        return
    model = session.device_model()
    if isinstance(inputs, Mapping):
        inputs = _in_order(session, inputs)
    if len(inputs) != len(model.inputs):
        raise UsageError(f"{len(inputs)} inputs were given, the model takes {len(model.inputs)}")
    for index, (value, wanted) in enumerate(zip(inputs, model.inputs, strict=True)):
        dtype, shape = getattr(value, "dtype", None), getattr(value, "shape", None)
        if str(dtype) != wanted.dtype or tuple(shape or ()) != wanted.shape:
            raise UsageError(
                f"input {index} is {_text(dtype, shape)}, "
                f"the model takes {_text(wanted.dtype, wanted.shape)}"
            )
    for index, value in enumerate(inputs):
        session.device.board.set_input(index, value)


def _in_order(session: Session, inputs: Mapping[str, Any]) -> list[Any]:
    if session.archive is None:
        raise UsageError(
            "inputs by name need the model's archive", "pass them in order, or pass archive="
        )
    names = [one.name for one in session.archive.inputs]
    if set(inputs) != set(names):
        raise UsageError(
            f"inputs {', '.join(map(repr, inputs)) or 'none'} were given, "
            f"the model takes {', '.join(map(repr, names))}"
        )
    return [inputs[name] for name in names]


def _text(dtype: Any, shape: Any) -> str:
    if dtype is None or shape is None:
        return "no array"
    return f"{dtype}[{', '.join(map(str, shape))}]"
