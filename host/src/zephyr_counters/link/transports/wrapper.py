# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Transports around another transport, and what another process can be given of them."""

from __future__ import annotations

import copy
from collections.abc import Callable

from zephyr_counters.errors import LinkError
from zephyr_counters.link.transports.descriptor import FdTransport
from zephyr_counters.link.transports.transport import Closing, Transport


class Wrapper(Closing):
    """A transport around another one that changes or observes the bytes that pass."""

    def __init__(self, inner: Transport) -> None:
        self.inner = inner
        self.name = inner.name

    def fileno(self) -> int:
        """Delegate to the wrapped transport."""
        return self.inner.fileno()

    def read(self, n: int, timeout: float) -> bytes:
        """Delegate to the wrapped transport."""
        return self.inner.read(n, timeout)

    def write(self, data: bytes, timeout: float) -> None:
        """Delegate to the wrapped transport."""
        self.inner.write(data, timeout)

    def close(self) -> None:
        """Close the wrapped transport."""
        self.inner.close()

    def shareable(self) -> Transport:
        """Return the same wrapper around a shareable twin of the wrapped transport."""
        twin = copy.copy(self)
        twin.inner = shareable(self.inner)
        return twin


class Owned(Wrapper):
    """A transport together with what ends when it is closed, such as a firmware process.

    Args:
        inner: the transport; closed first.
        end: called once, by the first close().
    """

    def __init__(self, inner: Transport, end: Callable[[], None]) -> None:
        super().__init__(inner)
        self._end: Callable[[], None] | None = end

    def close(self) -> None:
        """Close the wrapped transport, then call `end`."""
        self.inner.close()
        end, self._end = self._end, None
        if end is not None:
            end()

    def shareable(self) -> Transport:
        """Return a twin of the wrapped transport alone: this one keeps what it owns."""
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
    try:
        return FdTransport(transport.fileno(), transport.name)
    except (AttributeError, OSError) as error:
        raise LinkError(f"{transport.name}: no descriptor to wait on") from error
