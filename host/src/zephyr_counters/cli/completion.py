# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""`zephyr-counters completion`: complete commands and options in a shell."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zephyr_counters.cli.arguments import Commands

_ASKED = "_ARGCOMPLETE"
"""Environment variable by which a shell's completion function asks a program for words."""


def register(commands: Commands) -> None:
    """Add the command."""
    from zephyr_counters.cli.arguments import add_command

    command = add_command(
        commands,
        "completion",
        run,
        "print a script that completes zephyr-counters and tvmc in a shell",
        (
            'eval "$(zephyr-counters completion bash)"   # in ~/.bashrc',
            'eval "$(zephyr-counters completion zsh)"    # in ~/.zshrc',
            "zephyr-counters completion fish | source   # in ~/.config/fish/config.fish",
        ),
    )
    command.add_argument("shell", choices=("bash", "zsh", "fish"), help="the shell")


def run(options: argparse.Namespace) -> int:
    """Print the script."""
    from argcomplete.shell_integration import shellcode

    print(shellcode(["zephyr-counters", "tvmc"], shell=options.shell))
    return 0


def complete(parser: argparse.ArgumentParser) -> None:
    """Answer a shell that asks for completions, and exit; do nothing otherwise."""
    if _ASKED in os.environ:
        import argcomplete

        argcomplete.autocomplete(parser)
