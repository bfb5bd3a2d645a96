# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Check a model's inputs, given by name or in order, and send them to the board."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from zephyr_counters.errors import UsageError
from zephyr_counters.measure.names import type_name

if TYPE_CHECKING:
    from zephyr_counters.formats.model_archive import ModelArchive, Tensor
    from zephyr_counters.measure.device import Device


class TensorType(Protocol):
    """A tensor's dtype (`int8`) and shape."""

    @property
    def dtype(self) -> str:
        """The name of the dtype."""
        ...

    @property
    def shape(self) -> tuple[int, ...]:
        """The extents."""
        ...


def set_inputs(
    device: Device,
    wanted: Sequence[TensorType],
    inputs: Mapping[str, Any] | Sequence[Any],
    archive: ModelArchive | None,
) -> None:
    """Check a model's inputs and send them to the board.

    Args:
        device: the board.
        wanted: what the firmware's model takes, in order.
        inputs: arrays by name, or in order.
        archive: the model's; needed for inputs by name.

    Raises:
        UsageError: too few, too many, an unknown name, or a wrong shape or dtype.
    """
    if isinstance(inputs, Mapping):
        inputs = _in_order(inputs, archive)
    if len(inputs) != len(wanted):
        raise UsageError(f"{len(inputs)} inputs were given, the model takes {len(wanted)}")
    for index, value in enumerate(inputs):
        check_array(str(index), value, wanted[index])
    for index, value in enumerate(inputs):
        device.board.set_input(index, value)


def check_names(given: Iterable[str], wanted: Sequence[Tensor]) -> None:
    """Check that the model has all inputs that are given.

    Raises:
        UsageError: it lacks one; says which inputs it has.
    """
    names = [tensor.name for tensor in wanted]
    for name in given:
        if name not in names:
            listed = ", ".join(f"{one.name} {type_name(one.dtype, one.shape)}" for one in wanted)
            raise UsageError(f"input {name!r} is not one of the model's", f"its inputs: {listed}")


def check_array(which: str, value: Any, wanted: TensorType) -> None:
    """Check dtype and shape of one input.

    Args:
        which: names the input in errors.
        value: the array.
        wanted: what the model takes.

    Raises:
        UsageError: they differ, or `value` is not an array.
    """
    dtype, shape = getattr(value, "dtype", None), getattr(value, "shape", None)
    if dtype is None or shape is None:
        raise UsageError(f"input {which} is not an array but {type(value).__name__}")
    if str(dtype) != wanted.dtype or tuple(shape) != wanted.shape:
        raise UsageError(
            f"input {which} is {type_name(dtype, shape)}, "
            f"the model takes {type_name(wanted.dtype, wanted.shape)}"
        )


def _in_order(inputs: Mapping[str, Any], archive: ModelArchive | None) -> list[Any]:
    if archive is None:
        raise UsageError(
            "inputs by name need the model's archive", "pass them in order, or pass archive="
        )
    check_names(inputs, archive.inputs)
    missing = [one.name for one in archive.inputs if one.name not in inputs]
    if missing:
        raise UsageError(f"missing inputs: {', '.join(map(repr, missing))}")
    return [inputs[one.name] for one in archive.inputs]
