# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""`tvmc`: TVM's command line for microcontrollers, which TVM itself no longer has.

Where a TVM is installed that has its own (up to 0.19), that one runs, and ours only makes it know
the template of this package, and profiles on boards, which that one does not.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from zephyr_counters import __version__
from zephyr_counters.cli import (
    outcome,
    tvmc_compile,
    tvmc_micro,
    tvmc_run,
    tvmc_upstream,
    tvmc_upstream_profile,
)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command."""
    root = argparse.ArgumentParser(
        prog="tvmc",
        description="Compile a model with Apache TVM, build firmware around it, run it.",
        epilog="zephyr-counters profiles it: zephyr-counters profile PROJECT.",
    )
    root.add_argument(
        "--version", action="version", version=f"tvmc of zephyr-counters {__version__}"
    )
    commands = root.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for module in (tvmc_compile, tvmc_micro, tvmc_run):
        module.register(commands)
    return root


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        argv: arguments, those of the process if None.

    Returns:
        0; 1 if something failed; 2 for a wrong argument; 130 if interrupted; or what TVM's own
        tvmc returns.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    return outcome.of("tvmc", lambda: _run(arguments))


def _run(arguments: list[str]) -> int:
    upstream = tvmc_upstream.find()
    if upstream is not None:
        arguments, profiled = tvmc_upstream_profile.taken(tvmc_upstream.translated(arguments))
        failed = upstream(arguments)
        return failed if failed or not profiled else tvmc_upstream_profile.profile(profiled)
    options = parser().parse_args(arguments)
    code: int = options.run(options)
    return code


if __name__ == "__main__":
    sys.exit(main())
