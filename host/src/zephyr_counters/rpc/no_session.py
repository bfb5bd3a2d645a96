# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Why a board starts no session, as far as what it sends instead tells."""

from __future__ import annotations

from dataclasses import dataclass

from zephyr_counters.errors import LinkError, LinkTimeout

_LEAST = 8
_READABLE = 0.95
_SHOWN = 60


@dataclass(frozen=True)
class Heard:
    """What came while a session was asked for.

    Attributes:
        count: bytes in all.
        frames: good frames among them.
        stray: the last bytes outside of frames.
    """

    count: int
    frames: int
    stray: bytes

    @property
    def text(self) -> str | None:
        """The longest line, if a program prints text."""
        plain = sum(32 <= byte < 127 or byte in b"\t\r\n\x1b" for byte in self.stray)
        if len(self.stray) < _LEAST or plain < _READABLE * len(self.stray):
            return None
        lines = self.stray.decode("ascii", "replace").splitlines()
        return max(lines, key=len).strip()[:_SHOWN] or None

    def error(self, name: str, timeout: float, own: int | None, other: int | None) -> LinkError:
        """The reason.

        Args:
            name: of the port.
            timeout: seconds that it was asked.
            own: baud rate of the port.
            other: the one at which it answered when tried.
        """
        late = f"no answer to a session start in {timeout:g} s"
        if other is not None:
            return LinkError(
                f"{name}: the board answers at {other} baud, not at {own}",
                f"give --project-option baudrate={other}",
            )
        if self.text is not None:
            return LinkError(
                f"{name}: another program runs on the board, which prints {self.text!r}",
                "build and flash the project: tvmc micro build, tvmc micro flash",
            )
        if self.frames:
            return LinkTimeout(f"{name}: {late}, though frames came", "reset the board")
        if self.count:
            return LinkError(
                f"{name}: {self.count} bytes came, and no frame in them",
                "another baud rate? give --project-option baudrate=N; or another device's port?",
            )
        return LinkTimeout(
            f"{name}: {late}, not a byte came",
            "is it the right port, is the board powered, and was the project flashed?",
        )
