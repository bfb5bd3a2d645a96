# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""How a validation is printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zephyr_counters.cli.console import say, show_table
from zephyr_counters.errors import ValidationError

if TYPE_CHECKING:
    from zephyr_counters.validate import Validation


def deliver(validation: Validation) -> None:
    """Print the difference of each output.

    Raises:
        ValidationError: one is beyond the tolerance; names the output.
    """
    rows = []
    for item in validation.differences:
        unit = " steps" if item.integer else ""
        rows.append(
            (
                item.name,
                f"{item.largest:.4g}{unit}",
                f"{item.mean:.4g}{unit}",
                f"{item.cosine:.6f}",
                f"{item.top1:.0%}",
            )
        )
    headers = ("output", "largest difference", "mean", "cosine", "top-1 agreement")
    show_table(headers, rows, right=range(1, 5))
    say(f"compared with {validation.runtime} on {validation.inputs} inputs")
    worst = [
        item
        for item in validation.differences
        if not item.within(validation.steps, validation.part)
    ]
    if worst:
        item = worst[0]
        limit = f"{validation.steps:g} steps" if item.integer else f"{validation.part:g}"
        raise ValidationError(
            f"output '{item.name}' differs from {validation.runtime} by {item.largest:.4g}; "
            f"the limit is {limit}",
            "please report it with the model",
        )
