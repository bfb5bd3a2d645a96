# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Extensions: folders with a description in extension.json.

    format      1
    name        lower-case letters, digits and dashes; what `--target c,NAME` says
    patterns    optional: a Python file that tells the compiler which operators it takes
    decoder     optional: {"file": a Python file with decode(bytes),
                "compatible": the provider whose opaque bytes it decodes,
                "counter": which of its counters}
    transport   optional: {"kind": the console's kind in board.json,
                "file": a Python file; zephyr_counters.link.transports says what it holds}

Files are named relative to the folder. JSON, as the standard library of Python 3.10, with which the
server in a generated project may run, reads no TOML.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zephyr_counters.errors import UsageError

FORMAT = 1
FILE = "extension.json"
_NAME = re.compile(r"[a-z][a-z0-9-]*")
_MEMBERS = {"format", "name", "patterns", "decoder", "transport"}


@dataclass(frozen=True)
class DecoderFile:
    """A decoder of the opaque bytes that a provider attaches to a record."""

    compatible: str
    counter: str
    file: Path


@dataclass(frozen=True)
class TransportFile:
    """A kind of transport."""

    kind: str
    file: Path


@dataclass(frozen=True)
class Extension:
    """What extension.json says."""

    name: str
    folder: Path
    patterns: Path | None = None
    decoder: DecoderFile | None = None
    transport: TransportFile | None = None


def find(folders: Iterable[Path]) -> dict[str, Extension]:
    """Return the extensions in `folders`, by name; later folders replace earlier ones.

    Raises:
        UsageError: an extension.json is not valid.
    """
    found = [read(path) for folder in folders for path in sorted(folder.glob(f"*/{FILE}"))]
    return {extension.name: extension for extension in found}


def read(description: Path) -> Extension:
    """Return the extension that an extension.json describes.

    Raises:
        UsageError: it is not valid.
    """
    folder = description.parent
    try:
        data = json.loads(description.read_text(encoding="utf-8"))
        if data["format"] != FORMAT:
            raise ValueError(f"format {data['format']!r}; this version reads {FORMAT}")
        unknown = sorted(set(data) - _MEMBERS)
        if unknown:
            raise ValueError(f"unknown member {unknown[0]!r}")
        name = data["name"]
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise ValueError(f"name {name!r} is not lower-case letters, digits and dashes")
        decoder, transport = data.get("decoder"), data.get("transport")
        return Extension(
            name=name,
            folder=folder,
            patterns=_file(folder, data, "patterns") if "patterns" in data else None,
            decoder=decoder
            and DecoderFile(
                _text(decoder, "compatible"),
                _text(decoder, "counter"),
                _file(folder, decoder, "file"),
            ),
            transport=transport
            and TransportFile(_text(transport, "kind"), _file(folder, transport, "file")),
        )
    except KeyError as error:
        raise UsageError(f"{description}: is not valid: {error.args[0]!r} is missing") from error
    except (OSError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise UsageError(f"{description}: is not valid: {error}") from error


def _text(data: dict[str, Any], key: str) -> str:
    if not isinstance(data[key], str) or not data[key]:
        raise ValueError(f"{key!r} is {data[key]!r:.100}, not a text")
    return str(data[key])


def _file(folder: Path, data: dict[str, Any], key: str) -> Path:
    name = _text(data, key)
    if Path(name).is_absolute() or ".." in Path(name).parts:
        raise ValueError(f"{key!r} is {name!r:.100}, which is not in the extension's folder")
    return folder / name
