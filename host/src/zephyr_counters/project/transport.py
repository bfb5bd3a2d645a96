# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The stream to a project's board, together with what keeps the board running."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

from zephyr_counters import resources
from zephyr_counters.errors import LinkError, ZephyrCountersError
from zephyr_counters.formats import extension
from zephyr_counters.formats.search_path import EXTENSIONS
from zephyr_counters.link import transports
from zephyr_counters.link.transports.transport import BoardGone, Transport
from zephyr_counters.link.transports.wrapper import Wrapper, shareable
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
        LinkError: the stream cannot be opened.
        ProjectError: there is no such kind of transport, or the stream is damaged.
    """

    def __init__(self, client: ProjectClient, stream: dict[str, Any]) -> None:
        # The project's own copy of an extension is the one that its server used.
        folders = [*resources.search(EXTENSIONS), client.folder / EXTENSIONS.name]
        kind = transports.get(str(stream.get("kind")), extension.find(folders))
        super().__init__(transports.connect(kind, stream))
        self._client: ProjectClient | None = client
        self._ending: str | None = None

    def read(self, n: int, timeout: float) -> bytes:
        """See Transport.read(); if the firmware ended, the error says how."""
        return self._explained(lambda: self.inner.read(n, timeout))

    def write(self, data: bytes, timeout: float) -> None:
        """See Transport.write(); if the firmware ended, the error says how."""
        self._explained(lambda: self.inner.write(data, timeout))

    def close(self) -> None:
        """Close the port and end the firmware; may be called more than once."""
        self.inner.close()
        client, self._client = self._client, None
        if client is not None:
            client.close()

    def shareable(self) -> Transport:
        """Return the stream alone: the server and the firmware stay with this process."""
        return shareable(self.inner)

    def ending(self) -> str | None:
        """How the firmware ended by itself, and the last lines it printed; None if it runs.

        Call it when the link has failed: it closes the transport at the server's end.
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
