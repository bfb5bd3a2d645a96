# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""How a validation is printed."""

from __future__ import annotations

from math import ceil, inf
from typing import TYPE_CHECKING

from zephyr_counters.cli.console import say, show_table
from zephyr_counters.errors import ValidationError

if TYPE_CHECKING:
    import argparse

    from zephyr_counters.validate import Validation
    from zephyr_counters.validate.comparison import Difference
    from zephyr_counters.validate.layers import LayerDifference


def add_tolerance(command: argparse.ArgumentParser) -> None:
    """Add the option."""
    command.add_argument(
        "--tolerance",
        metavar="STEPS",
        type=_steps,
        help="largest difference of integers to accept, in quantization steps (default: 1)",
    )


def tolerance(options: argparse.Namespace) -> float:
    """Return what the option says."""
    from zephyr_counters.validate.validate import MAX_STEPS

    return MAX_STEPS if options.tolerance is None else float(options.tolerance)


def _steps(text: str) -> float:
    value = float(text)
    if not 0 <= value < inf:
        raise ValueError(f"{text} is not a number of steps")
    return value


def deliver(validation: Validation) -> None:
    """Print the difference of each output, and of each layer if they were compared.

    Raises:
        ValidationError: one is beyond the tolerance; names the output, and the layer where that
            begins.
    """
    rows = [(item.name, *_cells(item)) for item in validation.differences]
    headers = ("output", "largest difference", "mean", "cosine", "top-1 agreement")
    show_table(headers, rows, right=range(1, 5))
    say(f"compared with {validation.runtime} on {validation.inputs} inputs")
    if validation.layers:
        _show_layers(validation)
    worst = [
        item
        for item in validation.differences
        if not item.within(validation.steps, validation.part)
    ]
    if worst:
        item = worst[0]
        limit = (
            f"{validation.steps:g} step{'s' * (validation.steps != 1)}"
            if item.integer
            else f"{validation.part:g}"
        )
        raise ValidationError(
            f"output '{item.name}' differs from {validation.runtime} by {item.largest:.4g}; "
            f"the limit is {limit}" + _beginning(validation),
            _advice(validation, item),
        )


def _advice(validation: Validation, item: Difference) -> str:
    """Return what to do about an output beyond the tolerance."""
    if not validation.layers:
        return "--layers says at which layer it begins"
    grown = validation.start is not None and validation.start != validation.first
    if item.integer and grown and item.largest < inf:
        return f"differences of earlier layers add up; --tolerance {ceil(item.largest)} accepts it"
    return "please report it with the model"


def _cells(item: Difference) -> tuple[str, ...]:
    unit = " steps" if item.integer else ""
    return (
        f"{item.largest:.4g}{unit}",
        f"{item.mean:.4g}{unit}",
        f"{item.cosine:.6f}",
        f"{item.top1:.0%}",
    )


def _show_layers(validation: Validation) -> None:
    rows = [
        (str(item.index), item.layer, "+".join(item.ops), *_cells(item.difference)[:3])
        for item in validation.layers
    ]
    headers = ("layer", "name", "operators", "largest difference", "mean", "cosine")
    show_table(headers, rows, right=(0, 3, 4, 5))
    first = validation.first
    ending = (
        "none is beyond the limit" if first is None else f"layer {first.index} is beyond the limit"
    )
    say(f"{len(validation.layers)} layers compared with input {validation.layers_input}; {ending}")


def _beginning(validation: Validation) -> str:
    """Return where the difference begins, if layers were compared."""
    if not validation.layers:
        return ""
    start, first = validation.start, validation.first
    begins = "" if start is None else f"; it begins at {_named(start)}"
    if first is None:
        return begins + "; no compared layer is beyond it"
    return begins if first == start else f"{begins}, and is beyond it at {_named(first)}"


def _named(item: LayerDifference) -> str:
    return f"layer {item.index}, '{item.layer}' ({'+'.join(item.ops)})"
