# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""`zephyr-counters serve`."""

from __future__ import annotations

import argparse
import ipaddress
import logging
import math
import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from zephyr_counters.cli.arguments import add_command, add_project, open_project
from zephyr_counters.cli.project_options import Opener, add_project_options, parse
from zephyr_counters.errors import UsageError

if TYPE_CHECKING:
    from zephyr_counters.cli.arguments import Commands

_KEY = "zephyr-counters"
_LONGEST_TOKEN = 256


def register(commands: Commands) -> None:
    """Add the command."""
    command = add_command(
        commands,
        "serve",
        run,
        "serve a project's board to TVM's RPC clients, until interrupted",
        (
            "zephyr-counters serve PROJECT",
            "zephyr-counters serve PROJECT --project-option port=/dev/ttyACM0",
            "zephyr-counters serve PROJECT --host 0.0.0.0 --token-file tokens.txt",
            "zephyr-counters serve PROJECT --tracker 127.0.0.1:9190 --key digits --port 0",
        ),
    )
    command.set_defaults(usual_level=logging.INFO)
    add_project(command)
    add_project_options(command, "open_transport")
    command.add_argument(
        "--host",
        default="127.0.0.1",
        help="address to listen on; other than loopback only with a token or --insecure "
        "(default: 127.0.0.1)",
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
        "--key",
        default=_KEY,
        help=f"clients connect with it, or ask the tracker for it (default: {_KEY})",
    )
    command.add_argument(
        "--token",
        action="append",
        default=[],
        metavar="TOKEN",
        help="clients must connect with key KEY:TOKEN; can be given more than once",
    )
    command.add_argument(
        "--token-file", metavar="FILE", help="file of tokens, one per line; others cannot see them"
    )
    command.add_argument(
        "--insecure",
        action="store_true",
        help="let everyone who reaches --host use the board, without a token",
    )
    command.add_argument(
        "--idle-timeout",
        type=seconds,
        metavar="SECONDS",
        help="end the session of a client that sends no request for so long (default: never)",
    )


def run(options: argparse.Namespace) -> int:
    """Serve until interrupted or terminated; the board is released in both cases."""
    from zephyr_counters.rpc.server import Server

    if not 0 <= options.port < 1 << 16:
        raise UsageError(f"--port {options.port} is not from 0 to 65535")
    tokens = _tokens(options)
    if not (tokens or options.insecure or _is_loopback(options.host)):
        raise UsageError(
            f"--host {options.host} lets the network use the board without a token",
            "give --token-file FILE, or --insecure if the network may",
        )
    project = open_project(options.project)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda number, frame: stop.set())
    with Server(
        Opener(project, parse(options.project_option)),
        host=options.host,
        port=options.port,
        key=options.key,
        tracker=options.tracker,
        tokens=tokens,
        idle_timeout=options.idle_timeout,
    ) as server:
        key = f"{options.key}:TOKEN" if tokens else options.key
        print(
            f"serving {project.board} on {options.host}:{server.port}, key {key}; stop with Ctrl-C",
            flush=True,
        )
        print(f"  tvm.rpc.connect({options.host!r}, {server.port}, key={key!r})", flush=True)
        server.run(stop)
    return 0


def _tokens(options: argparse.Namespace) -> list[str]:
    """Return the tokens of the command line and of the file."""
    tokens: list[str] = list(options.token)
    if options.token_file is not None:
        try:
            lines = Path(options.token_file).read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeError) as error:
            raise UsageError(
                f"--token-file {options.token_file}: cannot be read: {error}"
            ) from error
        found = [line.strip() for line in lines if line.strip()]
        if not found:
            raise UsageError(f"--token-file {options.token_file} has no token")
        tokens += found
    for token in tokens:
        if not token or not token.isprintable() or " " in token or len(token) > _LONGEST_TOKEN:
            raise UsageError(
                f"a token must be 1 to {_LONGEST_TOKEN} printable characters without spaces"
            )
    return tokens


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def seconds(text: str) -> float:
    """Return a positive finite number of seconds.

    Raises:
        argparse.ArgumentTypeError: the text is no such number.
    """
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not (math.isfinite(number) and number > 0):
        raise argparse.ArgumentTypeError(f"{text!r} is not a positive number of seconds")
    return number


def address(text: str) -> tuple[str, int]:
    """Return host and port of HOST:PORT.

    Raises:
        argparse.ArgumentTypeError: it does not have this form.
    """
    host, colon, port = text.rpartition(":")
    if not colon or not host or not port.isdecimal() or not 0 < int(port) < 1 << 16:
        raise argparse.ArgumentTypeError(f"{text!r} is not HOST:PORT")
    return host.strip("[]"), int(port)
