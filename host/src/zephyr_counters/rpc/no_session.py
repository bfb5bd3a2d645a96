# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Diagnose a failed session start from the bytes received."""

from __future__ import annotations

from dataclasses import dataclass

from zephyr_counters.errors import LinkError, LinkTimeout

_LEAST = 8
_READABLE = 0.95
_SHOWN = 60


@dataclass(frozen=True)
class Heard:
    """What was received while a session was requested.

    Attributes:
        count: bytes in total.
        frames: valid frames among them.
        stray: the last bytes outside of frames.
    """

    count: int
    frames: int
    stray: bytes

    @property
    def text(self) -> str | None:
        """The longest line, if the bytes are text that a program prints."""
        plain = sum(32 <= byte < 127 or byte in b"\t\r\n\x1b" for byte in self.stray)
        if len(self.stray) < _LEAST or plain < _READABLE * len(self.stray):
            return None
        lines = self.stray.decode("ascii", "replace").splitlines()
        return max(lines, key=len).strip()[:_SHOWN] or None

    def error(self, name: str, timeout: float, own: int | None, other: int | None) -> LinkError:
        """Return the error that says why there is no session.

        Args:
            name: of the port.
            timeout: seconds that were waited.
            own: baud rate of the port.
            other: baud rate at which the board answered when it was tried, or None.
        """
        late = f"no answer to a session start in {timeout:g} s"
        if other is not None:
            return LinkError(
                f"{name}: the board answers at {other} baud, not at {own}",
                f"give --project-option baudrate={other}",
            )
        if self.text is not None:
            return LinkError(
                f"{name}: another program runs on the board; it prints {self.text!r}",
                "build and flash the project: tvmc micro build, tvmc micro flash",
            )
        if self.frames:
            return LinkTimeout(f"{name}: {late}, although frames came", "reset the board")
        if self.count:
            return LinkError(
                f"{name}: {self.count} bytes came, but no frame",
                "check the baud rate (--project-option baudrate=N) and that this is the right port",
            )
        return LinkTimeout(
            f"{name}: {late}, not a byte came",
            "check that this is the right port, that the board has power, and that the project was "
            "flashed",
        )
