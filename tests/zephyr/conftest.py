# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The models, compiled once; and tests that take minutes wait to be asked for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from models import KEYWORD_SPOTTING, shared_model
from zephyr_fixtures import DIGITS

DEMO = DIGITS / "digits_int8.onnx"
LONG = {
    "test_drivers_exclusive.py": "make zephyr-test",
    "test_faults.py": "make zephyr-test",
    "test_kernels.py": "make zephyr-test",
    "test_options.py": "make zephyr-test",
}
"""Files whose tests take minutes, and what runs them."""
LONG_MODELS = ("kws_archive", "mac_array_archive", "kws_mac_array_archive")
"""Models that a build for each board is left to make zephyr-test; the demo's stays."""
NATIVE = ("native_sim",)
"""Where the ztests run always; their other boards are left to make zephyr-test."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what takes minutes, unless ZEPHYR_LONG_TESTS is set."""
    if os.environ.get("ZEPHYR_LONG_TESTS"):
        return
    for item in items:
        if item.path.parent != Path(__file__).parent:
            continue
        runs_it = LONG.get(item.path.name)
        params = getattr(getattr(item, "callspec", None), "params", {})
        if params.get("model") in LONG_MODELS or params.get("boards", NATIVE) != NATIVE:
            runs_it = "make zephyr-test"
        if runs_it:
            item.add_marker(pytest.mark.skip(f"takes minutes: {runs_it} runs it"))


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's model as an archive."""
    return _compiled(DEMO, "c", tmp_path_factory.mktemp("archive") / "model.tar")


@pytest.fixture(scope="session")
def mac_array_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's model for the reference accelerator."""
    return _compiled(DEMO, "c,mac-array", tmp_path_factory.mktemp("archive") / "mac-array.tar")


@pytest.fixture(scope="session")
def kws_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keyword spotting as an archive."""
    return _compiled(
        shared_model(KEYWORD_SPOTTING), "c", tmp_path_factory.mktemp("archive") / "kws.tar"
    )


@pytest.fixture(scope="session")
def kws_mac_array_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keyword spotting for the reference accelerator."""
    path = tmp_path_factory.mktemp("archive") / "kws-mac-array.tar"
    return _compiled(shared_model(KEYWORD_SPOTTING), "c,mac-array", path)


def _compiled(model: Path, target: str, path: Path) -> Path:
    pytest.importorskip("tvm", reason="the compiler is not installed")
    from zephyr_counters.compile import compile_model

    compile_model(model, target, path)
    return path
