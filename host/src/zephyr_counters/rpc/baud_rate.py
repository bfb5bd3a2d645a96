# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Bits per second of a serial port that is known by its descriptor alone."""

from __future__ import annotations

import os
import termios
from collections.abc import Callable
from contextlib import suppress

COMMON = (115200, 921600, 1000000, 460800, 230400, 57600, 38400, 19200, 9600)
"""What boards' consoles use, the likely ones first."""

_SPEEDS = {rate: speed for rate in COMMON if (speed := getattr(termios, f"B{rate}", None))}
_RATES = {speed: rate for rate, speed in _SPEEDS.items()}
_OUTPUT, _INPUT = 5, 4


def of(fd: int) -> int | None:
    """The rate, None if it is no serial port or not one of the common ones."""
    try:
        return _RATES.get(termios.tcgetattr(fd)[_OUTPUT]) if os.isatty(fd) else None
    except (OSError, termios.error):
        return None


def search(fd: int, own: int, answers: Callable[[], bool]) -> int | None:
    """The common rate other than `own` at which somebody answers; the port is left at `own`."""
    try:
        for rate in COMMON:
            if rate != own:
                _set(fd, rate)
                if answers():
                    return rate
        return None
    finally:
        _set(fd, own)


def _set(fd: int, rate: int) -> None:
    # A port that is gone, or that has no such rate, is for the next read to find out.
    with suppress(OSError, termios.error):
        attributes = termios.tcgetattr(fd)
        attributes[_INPUT] = attributes[_OUTPUT] = _SPEEDS.get(rate, attributes[_OUTPUT])
        # Now: what waits to be sent may wait for ever, as nobody is known to read it.
        termios.tcsetattr(fd, termios.TCSANOW, attributes)
