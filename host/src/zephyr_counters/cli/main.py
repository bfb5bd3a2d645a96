# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""`zephyr-counters`: one command, one module a subcommand."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from .. import __version__
from ..errors import UsageError, ZephyrCountersError
from . import boards, compare, decode, demo, events, profile, serve, template_dir

FAILED, USAGE, INTERRUPTED = 1, 2, 130
"""Exit codes."""

_COMMANDS = (boards, events, profile, compare, decode, serve, template_dir, demo)


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
        argv: arguments, those of the process if None.

    Returns:
        0; 1 if something failed; 2 for a wrong argument; 3 if `compare` found growth over the
        limit; 130 if interrupted.
    """
    options = parser().parse_args(argv)
    try:
        code: int = options.run(options)
        sys.stdout.flush()
        return code
    except ZephyrCountersError as error:
        print(f"zephyr-counters: {error}", file=sys.stderr)
        return USAGE if isinstance(error, UsageError) else FAILED
    except BrokenPipeError:
        # Whoever read the output has enough of it; the interpreter must not complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except OSError as error:
        print(f"zephyr-counters: {error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("zephyr-counters: interrupted", file=sys.stderr)
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
