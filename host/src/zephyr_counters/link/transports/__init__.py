# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Byte streams to a board. They know no protocol. Standard library only.

A kind of transport is a module with the members of `Kind`. The host package and the server in a
project use the same module; a board's `console` in board.json names the kind. A kind that is not in
`TRANSPORTS` comes from an extension: the `transport` of its extension.json.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol, cast

from zephyr_counters.errors import ProjectError, UsageError
from zephyr_counters.formats import python_file
from zephyr_counters.formats.board import Board
from zephyr_counters.formats.extension import Extension, TransportFile
from zephyr_counters.formats.options import Option, Options, Value
from zephyr_counters.link.transports import pseudo_terminal, serial_port, tcp
from zephyr_counters.link.transports.descriptor import FdTransport


class Kind(Protocol):
    """What a transport's module holds."""

    @property
    def KIND(self) -> str:
        """Its name: `kind` of a board's console, and of a stream."""

    @property
    def OPTIONS(self) -> Sequence[Option]:
        """Project options that locate() takes, usually of open_transport."""

    def locate(
        self, board: Board, values: Mapping[str, Value], announced: Callable[[], str]
    ) -> dict[str, Any]:
        """Find the stream to a board; runs in the project's server.

        Args:
            board: its data; `console` may hold whatever this kind needs.
            values: values of project options.
            announced: waits for the program that the board's `run` has started to print where its
                stream is, and returns that: group 1 of the console's `pattern`.

        Returns:
            What connect() needs besides the kind, for JSON.

        Raises:
            ProjectError: there is no such stream.
            UsageError: an option is missing or not acceptable.
        """

    def connect(self, stream: Mapping[str, Any]) -> FdTransport:
        """Open a stream that locate() found; in the host package, or in the server for TVM 0.18.

        Raises:
            LinkError: it cannot be opened.
        """


TRANSPORTS: tuple[Kind, ...] = (pseudo_terminal, serial_port, tcp)


def get(name: str, extensions: Mapping[str, Extension]) -> Kind:
    """Return the kind of transport called `name`.

    Raises:
        ProjectError: there is none.
        UsageError: the extension that brings it cannot be loaded.
    """
    kinds = _kinds(extensions)
    if name not in kinds:
        raise ProjectError(
            f"no transport of kind {name!r:.100}; there are {', '.join(kinds)}",
            "install the extension that brings it, or add its folder to ZEPHYR_COUNTERS_EXTENSIONS",
        )
    return _loaded(kinds[name])


def with_options(own: Options, extensions: Mapping[str, Extension]) -> dict[str, Option]:
    """Return a template's own options, and those of all kinds of transport.

    Raises:
        UsageError: an extension cannot be loaded, or declares an option that exists already.
    """
    found = dict(own)
    for name, kind in _kinds(extensions).items():
        for option in _loaded(kind).OPTIONS:
            if option.name in found:
                raise UsageError(f"transport {name!r}: option {option.name!r} exists already")
            found[option.name] = replace(option, transports=(name,))
    return found


def locate(
    kind: Kind, board: Board, values: Mapping[str, Value], announced: Callable[[], str]
) -> dict[str, Any]:
    """Return what `kind` finds, with its name.

    Raises:
        ProjectError: there is no such stream, or the board's data are not those of its kind.
        UsageError: an option is missing or not acceptable.
    """
    try:
        return {"kind": kind.KIND, **kind.locate(board, values, announced)}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, UsageError):
            raise
        raise ProjectError(
            f"board {board.name!r}: its 'console' does not suit transport {kind.KIND!r}: {error!r}"
        ) from error


def connect(kind: Kind, stream: Mapping[str, Any]) -> FdTransport:
    """Return the transport on a stream that locate() found.

    Raises:
        LinkError: it cannot be opened.
        ProjectError: the stream is damaged.
    """
    try:
        return kind.connect(stream)
    except (KeyError, TypeError) as error:
        raise ProjectError(f"damaged stream of kind {kind.KIND!r}: {error!r}") from error


def _kinds(extensions: Mapping[str, Extension]) -> dict[str, Kind | TransportFile]:
    found: dict[str, Kind | TransportFile] = {kind.KIND: kind for kind in TRANSPORTS}
    files = [extension.transport for extension in extensions.values() if extension.transport]
    return {**found, **{file.kind: file for file in files}}


def _loaded(transport: Kind | TransportFile) -> Kind:
    if not isinstance(transport, TransportFile):
        return transport
    module = python_file.load(transport.file)
    for name in ("KIND", "OPTIONS", "locate", "connect"):
        if not hasattr(module, name):
            raise UsageError(f"{transport.file}: a transport needs {name}, which it lacks")
    if transport.kind != module.KIND:
        raise UsageError(
            f"{transport.file}: its KIND is {module.KIND!r}, extension.json says {transport.kind!r}"
        )
    return cast(Kind, module)
