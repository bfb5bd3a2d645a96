# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""`zephyr-counters`: one module per subcommand, and a line in `_COMMANDS`."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence

from zephyr_counters import __version__
from zephyr_counters.cli.completion import complete
from zephyr_counters.cli.exit import exit_code
from zephyr_counters.cli.logs import add_logging, logged

_COMMANDS = (
    "boards",
    "events",
    "profile",
    "show",
    "compare",
    "validate",
    "roofs",
    "decode",
    "serve",
    "template_dir",
    "completion",
    "demo",
)
"""Modules of this package, imported only when a command line is parsed."""

VERSION = ("-V", "--version")


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command."""
    root = argparse.ArgumentParser(
        prog="zephyr-counters",
        description="Hardware counters, layer by layer, for machine learning on microcontrollers.",
        epilog="Models are compiled and firmware is built by tvmc: tvmc compile, tvmc micro.\n\n"
        "examples:\n"
        "  zephyr-counters demo\n"
        "  zephyr-counters profile PROJECT --counters '*' --json report.json\n"
        "  zephyr-counters compare before.json after.json",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    root.add_argument(*VERSION, action="version", version=f"zephyr-counters {__version__}")
    add_logging(root)
    commands = root.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name in _COMMANDS:
        importlib.import_module(f"zephyr_counters.cli.{name}").register(commands)
    return root


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        argv: arguments; None for those of the process.

    Returns:
        0; 1 if something failed; 2 for a wrong argument; 3 if `compare` found growth over the
        limit; 130 if interrupted.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    return exit_code("zephyr-counters", lambda: _run(arguments))


def _run(arguments: list[str]) -> int:
    if arguments and arguments[0] in VERSION:
        # Without the modules of all commands, which take longer than all else.
        print(f"zephyr-counters {__version__}")
        return 0
    root = parser()
    complete(root)
    options = root.parse_args(arguments)
    with logged(options):
        code: int = options.run(options)
    return code


if __name__ == "__main__":
    sys.exit(main())
