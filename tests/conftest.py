# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Rules for all tests."""

from __future__ import annotations

import pytest

VARIANTS = frozenset({"32-bit", "sanitized", "m32", "asan", "m32-asan"})
"""Further builds of C code. While one works, the tests' native build is enough."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what runs on a further build as slow: compiling it takes longer than the tests."""
    for item in items:
        params = getattr(getattr(item, "callspec", None), "params", {})
        if any(isinstance(value, str) and value in VARIANTS for value in params.values()):
            item.add_marker(pytest.mark.slow)
