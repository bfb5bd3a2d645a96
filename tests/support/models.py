# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Test data outside the repository: reference models and cases in the folder `shared` beside it.

tests/README.md says where the models come from. Without the data the tests that need them are
skipped; where the environment variable CI is set, they fail, except for the folders that
MISSING_TEST_DATA names.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
KEYWORD_SPOTTING = "kws_ref_model"
REFERENCE_MODELS = (
    KEYWORD_SPOTTING,
    "pretrainedResnet_quant",
    "vww_96_int8",
    "ad01_int8",
    "ad01_fp32",
)
"""MLPerf Tiny's reference models: NAME.tflite in shared/models."""


def shared_model(name: str) -> Path:
    """Path of a model in shared/models: one of REFERENCE_MODELS, or a file name with suffix."""
    return _needed(SHARED / "models" / (name if Path(name).suffix else f"{name}.tflite"))


def shared_case(name: str) -> Path:
    """Path of a file or folder in shared/cases, such as "models/topk"."""
    return _needed(SHARED / "cases" / name)


def _needed(path: Path) -> Path:
    """Skip the test if `path` does not exist, or fail it in CI."""
    if not path.exists():
        reason = f"{path} does not exist; tests/README.md says how to get the test data"
        missing = os.environ.get("MISSING_TEST_DATA", "").split()
        if os.environ.get("CI") and not set(missing) & set(path.relative_to(SHARED).parts):
            pytest.fail(f"{reason} (tests may not skip for this where CI is set)")
        pytest.skip(reason)
    return path
