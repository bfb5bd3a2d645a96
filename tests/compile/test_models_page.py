# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""docs/models.md lists the operators that the frontends have."""

from models_page import PAGE, README, passed, readme, updated
from onnx_backend import needs_listed_onnx


@needs_listed_onnx
def test_the_page_is_up_to_date() -> None:
    text = PAGE.read_text()
    assert updated(text) == text, "run python tests/support/models_page.py"
    assert "UNIDIRECTIONAL_SEQUENCE_LSTM" in text and "QLinearConv" in text


@needs_listed_onnx
def test_the_readme_says_what_gets_in() -> None:
    text = README.read_text()
    assert readme(text, PAGE.read_text()) == text, "run python tests/support/models_page.py"


def test_the_results_reach_the_limit() -> None:
    passing, tests = passed(PAGE.read_text())
    assert passing >= 700 and tests >= 740
