# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A board that a session of TVM 0.18 leads to, as a profile needs it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from zephyr_counters.blob.catalog import Catalog
from zephyr_counters.blob.device_error import translate
from zephyr_counters.board.functions import DeviceFunctions
from zephyr_counters.errors import BlobError, BoardError, UsageError
from zephyr_counters.microtvm.upstream import said, tvm

MOST_BYTES = 1 << 20
"""More than any catalog; a board that sends more is broken."""


class RpcBoard(DeviceFunctions):
    """The device functions of a firmware on TVM's C runtime.

    Args:
        session: a `tvm.micro.Session`, or a `tvm.rpc.RPCSession` that leads to one.
    """

    name = ""

    def __init__(self, session: Any) -> None:
        super().__init__()
        self._error = tvm().error.TVMError
        self._rpc = getattr(session, "_rpc", session)
        self._functions: dict[str, Any] = {}

    def call(self, name: str, /, *args: Any) -> Any:
        """Call a device function.

        Raises:
            UsageError: the firmware has no such function: it counts nothing.
            BoardError: the device answered with an error.
        """
        try:
            return self._function(name)(*args)
        except self._error as error:
            raise BoardError(translate(said(error))) from error

    def has(self, name: str) -> bool:
        """Return whether the firmware has a device function."""
        try:
            self._function(name)
        except UsageError:
            return False
        return True

    def whole(self, name: str) -> bytes:
        """Return all bytes of a function, in parts, as a packet holds no more.

        Raises:
            BlobError: it does not come to an end.
        """
        data = b""
        while len(data) < MOST_BYTES:
            part = bytes(self.call(name, len(data)))
            if not part:
                return data
            data += part
        raise BlobError(f"{name} sent more than {MOST_BYTES} bytes")

    def set_input(self, index: int, array: Any) -> None:
        """Not here: TVM's executors set their inputs."""
        raise NotImplementedError

    def _function(self, name: str) -> Any:
        if name not in self._functions:
            try:
                self._functions[name] = self._rpc.get_function(name)
            except AttributeError:
                raise UsageError(
                    f"the firmware has no function {name}: it was made of another template",
                    "make it of the folder that zephyr-counters template-dir prints",
                ) from None
        return self._functions[name]


def read_catalog(project: Path, options: Mapping[str, Any]) -> Catalog:
    """Start a project's board with TVM 0.18, and return what it can count.

    Args:
        project: folder of a project that TVM 0.18 made.
        options: project options of `open_transport`.

    Raises:
        UsageError: there is no TVM 0.18, or the firmware counts nothing.
        BoardError: the board does not start, or fails.
    """
    upstream = tvm()
    micro = upstream.micro
    try:
        made = micro.GeneratedProject.from_directory(project, dict(options))
        with micro.Session(made.transport()) as session:
            return RpcBoard(session).catalog()
    except (upstream.error.TVMError, RuntimeError, OSError) as error:
        raise BoardError(f"{project}: {said(error)}") from error
