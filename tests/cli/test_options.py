# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Options that several commands share."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest
from command_fixtures import help_of
from zephyr_counters.cli import measuring, tvmc, tvmc_upstream_profile
from zephyr_counters.cli.arguments import Count
from zephyr_counters.cli.main import main
from zephyr_counters.errors import UsageError
from zephyr_counters.report import exports


def test_an_option_of_measuring_is_one_declaration(
    fake: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A line in OPTIONS reaches all commands that measure; its value reaches the profile."""
    option = measuring.Option(
        "--no-metrics",
        "collectors",
        {"action": "store_const", "const": (), "help": "derive no metrics"},
    )
    monkeypatch.setattr(measuring, "OPTIONS", (*measuring.OPTIONS, option))
    for command, name in ((main, "profile"), (tvmc.main, "run")):
        assert "derive no metrics" in help_of(capsys, command, name)
    for words, is_derived in (([], True), (["--no-metrics"], False)):
        path = tmp_path / f"{is_derived}.json"
        assert main(["profile", "project", "--repeat", "2", "--json", str(path), *words]) == 0
        assert bool(exports.load(path).rows[0].metrics) is is_derived
    handed_on, options = tvmc_upstream_profile.taken(
        ["run", "--device", "micro", "--profile", "--no-metrics"]
    )
    assert handed_on == ["run", "--device", "micro"]
    assert options is not None and measuring.measuring(options)["collectors"] == ()


def test_a_count_has_its_range_in_its_declaration() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("-n", "--number", action=Count, least=3)
    assert parser.parse_args(["-n", "3"]).number == 3
    with pytest.raises(UsageError, match="--number 2 is not above 2"):
        parser.parse_args(["-n", "2"])
