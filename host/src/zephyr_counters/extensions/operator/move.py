# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What only moves elements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from zephyr_counters.extensions.operator.base import Operator
from zephyr_counters.extensions.tensors import Tensor


@dataclass(frozen=True)
class Block:
    """Elements that move: a box of `extents` in an input and in the output, strides in elements."""

    extents: tuple[int, ...]
    x_offset: int
    x_strides: tuple[int, ...]
    y_offset: int
    y_strides: tuple[int, ...]


@dataclass(frozen=True)
class LayoutMove(Operator):
    """Elements of any type that only change their places: transpose, pad, concat, reshape.

    y = fill, everywhere, if `fill` is not None; then, for each input k with its block and every
    index i within the block's extents:

    y[y_offset + i . y_strides] = x[k][x_offset + i . x_strides]
    """

    family: ClassVar[str] = "layout move"

    kind: str
    """"transpose", "pad", "concat" or "reshape"."""
    x: tuple[Tensor, ...]
    y: Tensor
    blocks: tuple[Block, ...]
    """One for each input."""
    fill: int | float | None = None

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        """The inputs."""
        return self.x
