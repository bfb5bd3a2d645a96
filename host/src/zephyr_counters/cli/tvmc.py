# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""`tvmc`: TVM's command line for microcontrollers, which TVM itself no longer has.

If the installed TVM has its own tvmc (up to 0.19), that one runs. Ours then only adds this
package's template and the profiling of boards, which TVM's own refuses.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from zephyr_counters import __version__
from zephyr_counters.cli import (
    tvmc_compile,
    tvmc_micro,
    tvmc_run,
    tvmc_upstream,
    tvmc_upstream_profile,
)
from zephyr_counters.cli.exit import exit_code

_COMMANDS = (tvmc_compile, tvmc_micro, tvmc_run)


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
    for module in _COMMANDS:
        module.register(commands)
    return root


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        argv: arguments; None for those of the process.

    Returns:
        0; 1 if something failed; 2 for a wrong argument; 130 if interrupted; or what TVM's own
        tvmc returns.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    return exit_code("tvmc", lambda: _run(arguments))


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
