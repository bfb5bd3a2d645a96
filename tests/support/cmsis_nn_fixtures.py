# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""CMSIS-NN, where this machine has it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import cmsis_nn
from bench.cmsis_nn import DEFINE, LIBRARY, library

__all__ = ["DEFINE", "LIBRARY", "library", "root"]


def root() -> Path:
    """The library's folder; skips the test if there is none."""
    found = cmsis_nn.root()
    if found is None:
        pytest.skip("no CMSIS-NN: set CMSIS_NN_PATH to a clone of ARM-software/CMSIS-NN")
    return found
