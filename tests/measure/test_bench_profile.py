# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The part of `make bench` that measures a profile on posix: its bytes, which no load changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from compile_fixtures import compiler
from models import KEYWORD_SPOTTING, shared_model

from bench import profile


@pytest.mark.slow
def test_bytes_of_a_profile_are_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiler()
    shared_model(KEYWORD_SPOTTING)
    monkeypatch.setattr(profile, "PAIRS", 1)
    _, per_record, wire = profile.measure(tmp_path)
    assert (per_record.verdict, wire.verdict) == ("met", "met")
    assert per_record.value is not None and per_record.value > 4
    assert wire.detail["blob"] < (wire.value or 0)
