# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""`zephyr-counters`: one module per subcommand, and a line in `_COMMANDS`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from zephyr_counters import __version__
from zephyr_counters.cli import (
    boards,
    compare,
    decode,
    demo,
    events,
    profile,
    serve,
    template_dir,
    validate,
)
from zephyr_counters.cli.exit import exit_code

_COMMANDS = (boards, events, profile, compare, validate, decode, serve, template_dir, demo)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command."""
    root = argparse.ArgumentParser(
        prog="zephyr-counters",
        description="Hardware counters, layer by layer, for machine learning on microcontrollers.",
        epilog="Models are compiled and firmware is built by tvmc: tvmc compile, tvmc micro.",
    )
    root.add_argument("--version", action="version", version=f"zephyr-counters {__version__}")
    commands = root.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for module in _COMMANDS:
        module.register(commands)
    return root


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        argv: arguments; None for those of the process.

    Returns:
        0; 1 if something failed; 2 for a wrong argument; 3 if `compare` found growth over the
        limit; 130 if interrupted.
    """
    return exit_code("zephyr-counters", lambda: _run(argv))


def _run(argv: Sequence[str] | None) -> int:
    options = parser().parse_args(argv)
    code: int = options.run(options)
    return code


if __name__ == "__main__":
    sys.exit(main())
