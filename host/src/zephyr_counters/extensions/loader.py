# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Extensions: folders that bring a driver, kernels for the compiler, and a decoder.

A folder `NAME/` holds `extension.toml`:

    name = "NAME"                    # what --target c,NAME says
    patterns = "patterns.py"         # optional: register(add) with add(KernelLibrary)
    [decoder]                        # optional: decode(bytes) -> anything that JSON can hold
    file = "decoder.py"
    compatible = "vendor,device"     # the provider whose opaque bytes it decodes
    counter = "job-log"              # and which of its counters

They are searched for in this repository or package, in the folders that entry points of the group
`zephyr_counters.extensions` name, and in those of the environment variable
`ZEPHYR_COUNTERS_EXTENSIONS`, separated as in PATH. Later ones win.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import os
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from zephyr_counters import resources
from zephyr_counters.errors import UsageError, ZephyrCountersError

if TYPE_CHECKING:
    from zephyr_counters.extensions.kernel import KernelLibrary

ENTRY_POINTS = "zephyr_counters.extensions"
ENVIRONMENT = "ZEPHYR_COUNTERS_EXTENSIONS"
DESCRIPTION = "extension.toml"
_TOML: Any = importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")


@dataclass(frozen=True)
class Decoder:
    """What decodes the opaque bytes that a provider attaches to a record."""

    compatible: str
    counter: str
    file: Path

    def load(self) -> Callable[[bytes], Any]:
        """The function itself.

        Raises:
            UsageError: the file has none.
        """
        module = _module(self.file)
        decode = getattr(module, "decode", None)
        if not callable(decode):
            raise UsageError(f"{self.file}: has no function decode(bytes)")
        return decode  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Folder:
    """An extension's folder, described by its extension.toml."""

    name: str
    path: Path
    patterns_file: Path | None
    decoder: Decoder | None

    def patterns(self) -> KernelLibrary:
        """The kernel library that the compiler asks for operators.

        Raises:
            UsageError: the folder has no patterns, or they do not register one of its name.
        """
        if self.patterns_file is None:
            raise UsageError(f"extension '{self.name}' has no patterns: it cannot be a target")
        module = _module(self.patterns_file)
        register = getattr(module, "register", None)
        if not callable(register):
            raise UsageError(f"{self.patterns_file}: has no function register(add)")
        found: list[KernelLibrary] = []
        register(found.append)
        for library in found:
            if library.name == self.name:
                return library
        raise UsageError(f"{self.patterns_file}: registers no kernel library called '{self.name}'")


def search_path() -> list[Path]:
    """Folders that hold extensions' folders; later ones win."""
    roots: list[Path] = []
    with contextlib.suppress(FileNotFoundError):
        roots.append(resources.path("extensions"))
    for entry in sorted(entry_points(group=ENTRY_POINTS), key=lambda item: item.name):
        value = entry.load()
        roots.append(Path(value() if callable(value) else value))
    named = os.environ.get(ENVIRONMENT, "")
    roots.extend(Path(part) for part in named.split(os.pathsep) if part)
    return roots


def find() -> dict[str, Folder]:
    """All extensions, by name.

    Raises:
        UsageError: an extension.toml is not valid.
    """
    return {folder.name: folder for root in search_path() for folder in _in(root)}


def load(name: str) -> Folder:
    """The extension called `name`.

    Raises:
        UsageError: there is none.
    """
    folders = find()
    if name not in folders:
        known = ", ".join(sorted(folders)) or "none"
        raise UsageError(f"extension '{name}' is not known", f"known ones: {known}")
    return folders[name]


def decoders() -> list[Decoder]:
    """The decoders of all extensions."""
    return [folder.decoder for folder in find().values() if folder.decoder is not None]


def _in(root: Path) -> Iterator[Folder]:
    for description in sorted(root.glob(f"*/{DESCRIPTION}")):
        yield _describe(description)


def _describe(description: Path) -> Folder:
    folder = description.parent
    try:
        with description.open("rb") as file:
            data = _TOML.load(file)
        name = data["name"]
        if not isinstance(name, str) or not re.fullmatch(r"[a-z][a-z0-9-]*", name):
            raise ValueError(f"name {name!r} is not lower-case letters, digits and dashes")
        patterns = folder / str(data["patterns"]) if "patterns" in data else None
        decoder = None
        if "decoder" in data:
            item = data["decoder"]
            decoder = Decoder(
                str(item["compatible"]), str(item["counter"]), folder / str(item["file"])
            )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{description}: is not valid: {error}") from error
    return Folder(name, folder, patterns, decoder)


def _module(file: Path) -> ModuleType:
    """A Python file as a module of its own name, so that files of two extensions do not mix."""
    name = "zephyr_counters_extension_" + re.sub(r"\W", "_", str(file.resolve()))
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise UsageError(f"{file}: is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except ZephyrCountersError:
        del sys.modules[name]
        raise
    except Exception as error:
        del sys.modules[name]
        raise UsageError(f"{file}: cannot be loaded: {error}") from error
    return module
