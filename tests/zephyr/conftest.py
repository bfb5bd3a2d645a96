# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The demo's model, compiled once."""

from __future__ import annotations

from pathlib import Path

import pytest
from zephyr_fixtures import DIGITS


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's model as an archive."""
    return _compiled("c", tmp_path_factory.mktemp("archive") / "model.tar")


@pytest.fixture(scope="session")
def mac_array_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's model for the reference accelerator."""
    return _compiled("c,mac-array", tmp_path_factory.mktemp("archive") / "mac-array.tar")


def _compiled(target: str, path: Path) -> Path:
    pytest.importorskip("tvm", reason="the compiler is not installed")
    from zephyr_counters.compile import compile_model

    compile_model(DIGITS / "digits_int8.onnx", target, path)
    return path
