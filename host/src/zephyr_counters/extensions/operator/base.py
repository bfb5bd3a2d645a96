# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What all operator families have."""

from __future__ import annotations

from typing import ClassVar

from zephyr_counters.extensions.tensors import Tensor


class Operator:
    """Base of all families."""

    family: ClassVar[str]
    """The family's name, for messages."""
    reads: ClassVar[tuple[str, ...]] = ("x",)
    """Names of the tensors that are read."""
    y: Tensor
    """The tensor that is written."""

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        """Tensors that are read, in the order in which a kernel takes them."""
        return tuple(getattr(self, name) for name in self.reads)
