# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Count the bytes on the wire."""

from __future__ import annotations

from zephyr_counters.link.transports.wrapper import Wrapper


class Counting(Wrapper):
    """Counts the bytes that pass.

    `bytes_in` came from the board, `bytes_out` went to it; `writes` is the number of calls.
    """

    bytes_in = 0
    bytes_out = 0
    writes = 0

    def read(self, n: int, timeout: float) -> bytes:
        """Delegate to the wrapped transport."""
        data = self.inner.read(n, timeout)
        self.bytes_in += len(data)
        return data

    def write(self, data: bytes, timeout: float) -> None:
        """Delegate to the wrapped transport."""
        self.inner.write(data, timeout)
        self.bytes_out += len(data)
        self.writes += 1
