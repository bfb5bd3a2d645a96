# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""`zephyr-counters serve`."""

from __future__ import annotations

import argparse
import logging
import signal
import threading
from typing import TYPE_CHECKING

from zephyr_counters.cli.arguments import add_command, add_project, open_project
from zephyr_counters.errors import UsageError

if TYPE_CHECKING:
    from zephyr_counters.cli.arguments import Commands

_KEY = "zephyr-counters"


def register(commands: Commands) -> None:
    """Add the command."""
    command = add_command(
        commands, "serve", run, "serve a project's board to TVM's RPC clients, until interrupted"
    )
    add_project(command)
    command.add_argument(
        "--host",
        default="127.0.0.1",
        help="address to listen on; anyone who can reach it can use the board (default: 127.0.0.1)",
    )
    command.add_argument(
        "--port",
        type=int,
        default=9190,
        help="port to listen on; if it is busy, the next nine are tried "
        "(default: 9190; 0 for any free one)",
    )
    command.add_argument(
        "--tracker",
        metavar="HOST:PORT",
        type=address,
        help="register the board at a TVM RPC tracker",
    )
    command.add_argument(
        "--key", default=_KEY, help=f"name of the board at the tracker (default: {_KEY})"
    )


def run(options: argparse.Namespace) -> int:
    """Serve until interrupted or terminated; the board is released in both cases."""
    from zephyr_counters.rpc.server import Server

    if not 0 <= options.port < 1 << 16:
        raise UsageError(f"--port {options.port} is not from 0 to 65535")
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    project = open_project(options.project)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda number, frame: stop.set())
    with Server(
        project, host=options.host, port=options.port, key=options.key, tracker=options.tracker
    ) as server:
        print(
            f"serving {project.board} on {options.host}:{server.port}, key {options.key}; "
            "stop with Ctrl-C",
            flush=True,
        )
        print(
            f"  tvm.rpc.connect({options.host!r}, {server.port}, key={options.key!r})", flush=True
        )
        server.run(stop)
    return 0


def address(text: str) -> tuple[str, int]:
    """Return host and port of HOST:PORT.

    Raises:
        argparse.ArgumentTypeError: it does not have this form.
    """
    host, colon, port = text.rpartition(":")
    if not colon or not host or not port.isdecimal() or not 0 < int(port) < 1 << 16:
        raise argparse.ArgumentTypeError(f"{text!r} is not HOST:PORT")
    return host.strip("[]"), int(port)
