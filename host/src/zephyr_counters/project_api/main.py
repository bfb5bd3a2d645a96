# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Start the server on the pipes that the client gave."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
from pathlib import Path
from types import FrameType

from zephyr_counters.project_api.errors import ClientGone
from zephyr_counters.project_api.handler import ProjectHandler
from zephyr_counters.project_api.protocol import Pipes, serve


def main(home: Path, argv: list[str]) -> int:
    """Serve the template or project in `home`; the exit code."""
    parser = argparse.ArgumentParser(description="microTVM Project API server of zephyr-counters")
    parser.add_argument("--read-fd", type=int, required=True, help="requests come from here")
    parser.add_argument("--write-fd", type=int, required=True, help="replies go here")
    parser.add_argument("--debug", action="store_true", help="log at level DEBUG")
    parser.add_argument("--progress", action="store_true", help="report progress on stderr")
    args = parser.parse_args(argv)
    for fd in (args.read_fd, args.write_fd):
        try:
            os.fstat(fd)
            # The firmware and the compilers must not hold the client's pipes open.
            os.set_inheritable(fd, False)
        except (OSError, OverflowError) as error:
            parser.error(f"file descriptor {fd}: {error}")
    logging.basicConfig(level="DEBUG" if args.debug else "WARNING", stream=sys.stderr)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _exit)

    pipes = Pipes(args.read_fd, args.write_fd)
    handler = ProjectHandler(home, pipes.check_client, args.progress)
    try:
        serve(pipes, handler)
    except (ClientGone, KeyboardInterrupt):
        pass
    finally:
        handler.close()
    return 0


def _exit(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)
