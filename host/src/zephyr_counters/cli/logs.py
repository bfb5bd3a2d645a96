# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""How much a command says: -v, -q and --log-file, which every command takes."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from zephyr_counters import __version__

QUIET: ContextVar[bool] = ContextVar("quiet", default=False)
"""Whether progress and warnings are unwanted, while a command runs."""

_LOG = logging.getLogger(__name__)


def add_logging(parser: argparse.ArgumentParser) -> None:
    """Add the options. They are left out of the namespace if not given, so they stand anywhere."""
    group = parser.add_argument_group("messages")
    group.add_argument(
        "-v",
        "--verbose",
        action="count",
        default=argparse.SUPPRESS,
        help="say more: what the board logs; -vv for everything",
    )
    group.add_argument(
        "-q",
        "--quiet",
        action="store_true",
        default=argparse.SUPPRESS,
        help="say less: results and errors, but no progress and no warnings",
    )
    group.add_argument(
        "--log-file",
        metavar="F",
        type=Path,
        default=argparse.SUPPRESS,
        help="append everything to a file, with times",
    )


@contextmanager
def logged(options: argparse.Namespace) -> Iterator[None]:
    """Send messages where the options say while a command runs.

    Raises:
        OSError: the log file cannot be written; names it.
    """
    level = _level(options)
    console = logging.StreamHandler(sys.stderr)
    console.setLevel(level)
    console.setFormatter(_Printable("%(name)s: %(message)s" if level < logging.INFO else None))
    handlers: list[logging.Handler] = [console]
    path: Path | None = getattr(options, "log_file", None)
    if path is not None:
        file = logging.FileHandler(path, encoding="utf-8")
        file.setFormatter(_Printable("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        handlers.append(file)
    root = logging.getLogger()
    before = root.level
    root.setLevel(level if path is None else logging.DEBUG)
    for one in handlers:
        root.addHandler(one)
    quiet = QUIET.set(level > logging.WARNING)
    try:
        _LOG.debug("zephyr-counters %s, Python %s", __version__, sys.version.split()[0])
        yield
    except Exception:
        _LOG.debug("failed", exc_info=True)
        raise
    finally:
        QUIET.reset(quiet)
        for one in handlers:
            root.removeHandler(one)
            one.close()
        root.setLevel(before)


def _level(options: argparse.Namespace) -> int:
    if getattr(options, "quiet", False):
        return logging.ERROR
    usual: int = getattr(options, "usual_level", logging.WARNING)
    steps = (usual, logging.INFO, logging.DEBUG)
    return min(usual, steps[min(getattr(options, "verbose", 0), 2)])


class _Printable(logging.Formatter):
    """Lines in which a board's or a model's text cannot control the terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, or lines for an exception."""
        from zephyr_counters.report.text import printable

        return printable(super().format(record), keep="\n")
