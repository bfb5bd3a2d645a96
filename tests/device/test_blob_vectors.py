# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The device sends the bytes of tests/vectors/blob.json, and takes its selection."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from counters_native import BUILDS, Harness, compile_counters
from rpc_client import Client

DOCUMENT = json.loads(
    (Path(__file__).parents[1] / "vectors" / "blob.json").read_text(encoding="utf-8")
)
CURRENT = DOCUMENT["vectors"][-1]


@pytest.mark.slow
@pytest.mark.parametrize("build", BUILDS)
def test_catalog_selection_and_records(tmp_path: Path, build: str) -> None:
    data = b""
    with Harness(compile_counters(tmp_path, build)) as board:
        assert board.raw("catalog")[1].hex() == CURRENT["catalog"]["hex"]
        for step in DOCUMENT["steps"]:
            words = step.split()
            if words == ["select"]:
                words.append(CURRENT["selection"]["hex"])
            data = board.call(*words)
    assert data.hex() == CURRENT["records"]["hex"]


def test_model_info(client: Client) -> None:
    assert bytes(client.call("model.info")).hex() == CURRENT["model_info"]["hex"]
