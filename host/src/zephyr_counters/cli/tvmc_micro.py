# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""`tvmc micro`: one module per action."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zephyr_counters.cli import tvmc_micro_build, tvmc_micro_create, tvmc_micro_flash

if TYPE_CHECKING:
    from zephyr_counters.cli.arguments import Commands

_ACTIONS = (tvmc_micro_create, tvmc_micro_build, tvmc_micro_flash)


def register(commands: Commands) -> None:
    """Add the commands."""
    micro = commands.add_parser("micro", help="projects for microcontrollers")
    actions = micro.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for module in _ACTIONS:
        module.register(actions)
