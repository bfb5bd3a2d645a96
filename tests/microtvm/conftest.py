# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Firmware of TVM 0.18 on posix and, where a Zephyr workspace is found, on emulated boards."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

if importlib.util.find_spec("tvm") and importlib.util.find_spec("tvm.micro"):
    from microtvm_fixtures import built, sessions

    __all__ = ["built", "sessions"]
else:
    # Each says by itself, when it is collected, why it is skipped.
    @pytest.fixture
    def sessions() -> None:
        """Not without TVM 0.18."""
