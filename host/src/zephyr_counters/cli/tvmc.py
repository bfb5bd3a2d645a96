# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""`tvmc`: TVM's command line for microcontrollers, which TVM itself no longer has.

If the installed TVM has its own tvmc (up to 0.19), that one runs. Ours then only adds this
package's template and the profiling of boards, which TVM's own refuses.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence

from zephyr_counters import __version__
from zephyr_counters.cli import tvmc_upstream
from zephyr_counters.cli.completion import complete
from zephyr_counters.cli.exit import exit_code
from zephyr_counters.cli.logs import add_logging, logged
from zephyr_counters.cli.main import VERSION

_COMMANDS = ("tvmc_compile", "tvmc_micro", "tvmc_run")
_VERSION = f"tvmc of zephyr-counters {__version__}"


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command."""
    root = argparse.ArgumentParser(
        prog="tvmc",
        description="Compile a model with Apache TVM, build firmware around it, run it.",
        epilog="zephyr-counters profiles it: zephyr-counters profile PROJECT.\n\n"
        "examples:\n"
        "  tvmc compile model.onnx --target c -o model.tar\n"
        "  tvmc micro create PROJECT model.tar --project-option board=posix\n"
        "  tvmc micro build PROJECT",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    root.add_argument(*VERSION, action="version", version=_VERSION)
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
        0; 1 if something failed; 2 for a wrong argument; 130 if interrupted; or what TVM's own
        tvmc returns.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    return exit_code("tvmc", lambda: _run(arguments))


def _run(arguments: list[str]) -> int:
    upstream = tvmc_upstream.find()
    if upstream is not None:
        from zephyr_counters.cli import tvmc_upstream_profile

        arguments, profiled = tvmc_upstream_profile.taken(tvmc_upstream.translated(arguments))
        failed = upstream(arguments)
        return failed if failed or not profiled else tvmc_upstream_profile.profile(profiled)
    if arguments and arguments[0] in VERSION:
        print(_VERSION)
        return 0
    root = parser()
    complete(root)
    options = root.parse_args(arguments)
    with logged(options):
        code: int = options.run(options)
    return code


if __name__ == "__main__":
    sys.exit(main())
