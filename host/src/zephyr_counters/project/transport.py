# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The stream to a project's board, together with what keeps the board running."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

from zephyr_counters.errors import LinkError, ProjectError, ZephyrCountersError
from zephyr_counters.link.transports.serial_port import SerialPort
from zephyr_counters.link.transports.transport import BoardGone, Transport, Wrapper, shareable
from zephyr_counters.project.client import ProjectClient

_T = TypeVar("_T")
_SETTLE_SEC = 0.2


class FirmwareEnded(BoardGone):
    """The board is a process, and it has ended by itself."""

    def __init__(self, name: str, ending: str) -> None:
        LinkError.__init__(self, f"{name}: {ending}", "start it again")


class ProjectTransport(Wrapper):
    """A transport that owns the project's server, and so the firmware's process.

    Args:
        client: with an open transport; closed by close().
        stream: what open_transport replied in `stream`.

    Raises:
        LinkError: the port cannot be opened.
        ProjectError: this version does not know that kind of stream.
    """

    def __init__(self, client: ProjectClient, stream: dict[str, Any]) -> None:
        if stream.get("kind") != "serial":
            raise ProjectError(f"the project's server offers a stream of kind {stream.get('kind')}")
        super().__init__(SerialPort(str(stream["path"]), int(stream["baudrate"])))
        self._client: ProjectClient | None = client
        self._ending: str | None = None

    def read(self, n: int, timeout: float) -> bytes:
        """See Transport.read(); if the firmware ended, the error says how."""
        return self._explained(lambda: self.inner.read(n, timeout))

    def write(self, data: bytes, timeout: float) -> None:
        """See Transport.write(); if the firmware ended, the error says how."""
        self._explained(lambda: self.inner.write(data, timeout))

    def close(self) -> None:
        """Close the port and end the firmware; more than once is harmless."""
        self.inner.close()
        client, self._client = self._client, None
        if client is not None:
            client.close()

    def shareable(self) -> Transport:
        """The port alone: the server and the firmware stay with this process."""
        return shareable(self.inner)

    def ending(self) -> str | None:
        """How the firmware ended by itself, and what it said last; None if it runs.

        To be asked when the link has failed: it closes the transport at the server's end.
        """
        if self._ending is None and self._client is not None:
            # Its port closes a little before the process is gone.
            time.sleep(_SETTLE_SEC)
            try:
                result = self._client.call("close_transport")
            except ZephyrCountersError as error:
                self._ending = error.what
            else:
                if isinstance(result, dict) and result.get("ended"):
                    self._ending = "\n  ".join([result["ended"], *result.get("output", [])])
        return self._ending

    def _explained(self, work: Callable[[], _T]) -> _T:
        try:
            return work()
        except BoardGone as error:
            ending = self.ending()
            if ending is None:
                raise
            raise FirmwareEnded(self.name, ending) from error
