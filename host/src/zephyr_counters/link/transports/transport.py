# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What a link needs of whatever carries its bytes."""

from __future__ import annotations

import copy
from collections.abc import Callable
from types import TracebackType
from typing import Protocol, TypeVar, runtime_checkable

from zephyr_counters.errors import LinkError

_Self = TypeVar("_Self", bound="Closing")


class BoardGone(LinkError):
    """Nothing is at the other end any more: it was unplugged, or its process ended.

    Args:
        name: of the transport.
        why: what is known of it; lines after the first say more.
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
        """Descriptor to wait on: readable when read() may have something to say."""

    def read(self, n: int, timeout: float) -> bytes:
        """Return 1..n bytes, as soon as there are any.

        Args:
            timeout: seconds; 0 does not wait.

        Raises:
            LinkTimeout: none came.
            LinkError: the link is broken, or the board is gone.
        """

    def write(self, data: bytes, timeout: float) -> None:
        """Send all of `data`.

        Args:
            timeout: seconds.

        Raises:
            LinkTimeout: not all of it could be sent; what was sent is unknown.
            LinkError: the link is broken, or the board is gone.
        """

    def close(self) -> None:
        """Let go of the port; more than once is harmless."""


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


class Wrapper(Closing):
    """A transport around another one, that changes or watches what goes through."""

    def __init__(self, inner: Transport) -> None:
        self.inner = inner
        self.name = inner.name

    def fileno(self) -> int:
        """As the one inside."""
        return self.inner.fileno()

    def read(self, n: int, timeout: float) -> bytes:
        """As the one inside."""
        return self.inner.read(n, timeout)

    def write(self, data: bytes, timeout: float) -> None:
        """As the one inside."""
        self.inner.write(data, timeout)

    def close(self) -> None:
        """Close the one inside."""
        self.inner.close()

    def shareable(self) -> Transport:
        """Return the same around what `shareable` makes of the one inside."""
        twin = copy.copy(self)
        twin.inner = shareable(self.inner)
        return twin


class Owned(Wrapper):
    """A transport, and what has to end when it is closed: a firmware process, an emulator.

    Args:
        inner: the transport; closed first.
        end: called once, by the first close().
    """

    def __init__(self, inner: Transport, end: Callable[[], None]) -> None:
        super().__init__(inner)
        self._end: Callable[[], None] | None = end

    def close(self) -> None:
        """Close the one inside, then end what it needed."""
        self.inner.close()
        end, self._end = self._end, None
        if end is not None:
            end()

    def shareable(self) -> Transport:
        """The one inside: what it needs stays with the owner."""
        return shareable(self.inner)


def shareable(transport: Transport) -> Transport:
    """Return an equal transport that can be pickled for a process that inherits its descriptor.

    Raises:
        LinkError: it has no descriptor.
    """
    make = getattr(transport, "shareable", None)
    if make is not None:
        shared: Transport = make()
        return shared
    # Imported here as it is built on this module.
    from zephyr_counters.link.transports.descriptor import FdTransport

    try:
        return FdTransport(transport.fileno(), transport.name)
    except (AttributeError, OSError) as error:
        raise LinkError(f"{transport.name}: no descriptor to wait on") from error
