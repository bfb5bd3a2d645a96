# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Baud rate of a serial port of which only the descriptor is known."""

from __future__ import annotations

import os
import termios
from collections.abc import Callable
from contextlib import suppress

COMMON = (115200, 921600, 1000000, 460800, 230400, 57600, 38400, 19200, 9600)
"""Rates of boards' consoles, the likely ones first."""

_SPEEDS = {rate: speed for rate in COMMON if (speed := getattr(termios, f"B{rate}", None))}
_RATES = {speed: rate for rate, speed in _SPEEDS.items()}
_OUTPUT, _INPUT = 5, 4


def of(fd: int) -> int | None:
    """Return the rate; None if it is no serial port, or not at a common rate."""
    try:
        return _RATES.get(termios.tcgetattr(fd)[_OUTPUT]) if os.isatty(fd) else None
    except (OSError, termios.error):
        return None


def search(fd: int, own: int, answers: Callable[[], bool]) -> int | None:
    """Return the common rate at which the board answers, not `own`, to which the port returns."""
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
    # If the port is gone, or has no such rate, the next read finds out.
    with suppress(OSError, termios.error):
        attributes = termios.tcgetattr(fd)
        attributes[_INPUT] = attributes[_OUTPUT] = _SPEEDS.get(rate, attributes[_OUTPUT])
        # At once: output that is still waiting may never be read.
        termios.tcsetattr(fd, termios.TCSANOW, attributes)
