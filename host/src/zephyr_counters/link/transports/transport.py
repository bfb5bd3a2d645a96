# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What the protocol needs of a stream of bytes to a board."""

from __future__ import annotations

from types import TracebackType
from typing import Protocol, TypeVar, runtime_checkable

from zephyr_counters.errors import LinkError

_Self = TypeVar("_Self", bound="Closing")


class BoardGone(LinkError):
    """The board was unplugged, or the process that it is has ended.

    Args:
        name: of the transport.
        why: what is known about it; lines after the first give details.
    """

    SAYS = "the board is gone"

    def __init__(self, name: str, why: str = SAYS) -> None:
        super().__init__(f"{name}: {why}", "start it again, or plug it in again")


@runtime_checkable
class Transport(Protocol):
    """A stream of bytes to a board and back. Knows no protocol."""

    name: str
    """Where it leads, for messages: a port, an address, a file."""

    def fileno(self) -> int:
        """Descriptor to wait on: readable when read() may return bytes or fail."""

    def read(self, n: int, timeout: float) -> bytes:
        """Return 1..n bytes, as soon as there are any.

        Args:
            n: the most bytes.
            timeout: seconds; 0 does not wait.

        Raises:
            LinkTimeout: none came.
            LinkError: the link is broken, or the board is gone.
        """

    def write(self, data: bytes, timeout: float) -> None:
        """Send all of `data`.

        Args:
            data: bytes to send.
            timeout: seconds.

        Raises:
            LinkTimeout: not all of it could be sent; what was sent is unknown.
            LinkError: the link is broken, or the board is gone.
        """

    def close(self) -> None:
        """Release the port; may be called more than once."""


class Closing:
    """`with` for things with a close()."""

    def close(self) -> None:
        """Release what is held."""

    def __enter__(self: _Self) -> _Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
