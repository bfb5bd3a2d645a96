# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Options of the commands that measure: one line in `OPTIONS` per option.

`zephyr-counters profile`, `tvmc run --profile` and its counterpart for TVM 0.18 take them all.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from zephyr_counters.cli.arguments import Count, Patterns

REPEAT = 10
"""Repetitions per pass, unless asked for otherwise."""
WARMUP = 1
"""Likewise, those that do not count."""


@dataclass(frozen=True)
class Option:
    """An option of the commands that measure.

    Attributes:
        flag: `--NAME`.
        keyword: the argument of `measure.profile` that takes the value.
        settings: arguments of `argparse.ArgumentParser.add_argument`.
    """

    flag: str
    keyword: str
    settings: Mapping[str, Any]


OPTIONS = (
    Option(
        "--counters",
        "counters",
        {
            "metavar": "GLOB,...",
            "action": Patterns,
            "default": ["*"],
            "help": "counters to measure, as provider:counter or counter globs (default: all)",
        },
    ),
    Option(
        "--repeat",
        "repeat",
        {
            "metavar": "N",
            "action": Count,
            "default": REPEAT,
            "help": f"repetitions per pass (default: {REPEAT})",
        },
    ),
    Option(
        "--warmup",
        "warmup",
        {
            "metavar": "N",
            "action": Count,
            "least": 0,
            "default": WARMUP,
            "help": "repetitions at the beginning of each pass that are shown and do not count "
            f"(default: {WARMUP})",
        },
    ),
    Option(
        "--batch",
        "batch",
        {
            "metavar": "N",
            "action": Count,
            "default": 1,
            "help": "calls of a layer in each record, all on the same inputs, for layers that take "
            "less time than the clock resolves; values are per call (default: 1)",
        },
    ),
    Option(
        "--lock-interrupts",
        "lock_interrupts",
        {
            "action": "store_true",
            "help": "lock interrupts while a layer runs; otherwise they stay on",
        },
    ),
)


def add_measuring(
    command: argparse.ArgumentParser,
    wanted: Callable[[str], bool] = lambda flag: True,
    **changed: Mapping[str, Any],
) -> None:
    """Add options.

    Args:
        command: gets the options.
        wanted: returns for a flag whether to add its option.
        **changed: settings that differ in this command, by keyword of the option.
    """
    for one in OPTIONS:
        if wanted(one.flag):
            settings = {**one.settings, **changed.get(one.keyword, {})}
            command.add_argument(one.flag, dest=one.keyword, **settings)


def measuring(options: argparse.Namespace) -> dict[str, Any]:
    """Return the values of the options that the command has, as arguments of `measure.profile`."""
    return {
        one.keyword: getattr(options, one.keyword)
        for one in OPTIONS
        if hasattr(options, one.keyword)
    }
