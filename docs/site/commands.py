# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The page of commands: each command's own help, from its parser."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator

from zephyr_counters.cli import main, tvmc

INTRODUCTION = """# Commands

`tvmc` compiles models and makes firmware, with the names and options of TVM's own command line.
`zephyr-counters` measures. Both complete their arguments in a shell: `zephyr-counters completion`
prints how.

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | something failed; the message says what, where, and what to try |
| 2 | an argument is wrong |
| 3 | `compare`: something grew by more than `--fail-over` |
| 130 | interrupted by Ctrl-C; what was measured until then has been shown and saved |
"""


def commands(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """Yield a parser's commands, and the commands of those."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for one in dict.fromkeys(action.choices.values()):
                deeper = list(commands(one))
                yield from deeper or [one]


def text() -> str:
    """Return the page."""
    os.environ["COLUMNS"] = "100"  # argparse wraps help by it
    parts = [INTRODUCTION]
    for parser in (tvmc.parser(), main.parser()):
        for command in commands(parser):
            parts.append(f"## {command.prog}\n\n```text\n{command.format_help().strip()}\n```\n")
    return "\n".join(parts)
