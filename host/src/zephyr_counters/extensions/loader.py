# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Extensions: folders that bring a driver, kernels for the compiler, and a decoder.

`formats.extension` documents extension.json, `formats.search_path` where extensions are searched
for. The file `patterns` has a function register(add), which calls add(KernelLibrary); a decoder's
file has decode(bytes), which returns anything that JSON can hold.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zephyr_counters import resources
from zephyr_counters.errors import UsageError
from zephyr_counters.formats import extension, python_file
from zephyr_counters.formats.search_path import EXTENSIONS

if TYPE_CHECKING:
    from zephyr_counters.extensions.kernel import KernelLibrary


@dataclass(frozen=True)
class Decoder:
    """What decodes the opaque bytes that a provider attaches to a record."""

    compatible: str
    counter: str
    file: Path

    def load(self) -> Callable[[bytes], Any]:
        """Return the function itself.

        Raises:
            UsageError: the file has none.
        """
        module = python_file.load(self.file)
        decode = getattr(module, "decode", None)
        if not callable(decode):
            raise UsageError(f"{self.file}: has no function decode(bytes)")
        return decode  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Folder:
    """An extension's folder, described by its extension.json."""

    name: str
    path: Path
    patterns_file: Path | None
    decoder: Decoder | None

    def patterns(self) -> KernelLibrary:
        """Return the kernel library that the compiler asks for operators.

        Raises:
            UsageError: the folder has no patterns, or they do not register one of its name.
        """
        if self.patterns_file is None:
            raise UsageError(f"extension '{self.name}' has no patterns: it cannot be a target")
        module = python_file.load(self.patterns_file)
        register = getattr(module, "register", None)
        if not callable(register):
            raise UsageError(f"{self.patterns_file}: has no function register(add)")
        found: list[KernelLibrary] = []
        register(found.append)
        for library in found:
            if library.name == self.name:
                return library
        raise UsageError(f"{self.patterns_file}: registers no kernel library called '{self.name}'")


def find() -> dict[str, Folder]:
    """All extensions, by name.

    Raises:
        UsageError: an extension.json is not valid.
    """
    found = extension.find(resources.search(EXTENSIONS))
    return {name: _folder(one) for name, one in found.items()}


def load(name: str) -> Folder:
    """Return the extension called `name`.

    Raises:
        UsageError: there is none.
    """
    folders = find()
    if name not in folders:
        known = ", ".join(sorted(folders)) or "none"
        raise UsageError(f"extension '{name}' is not known", f"known ones: {known}")
    return folders[name]


def decoders() -> list[Decoder]:
    """Return the decoders of all extensions."""
    return [folder.decoder for folder in find().values() if folder.decoder is not None]


def _folder(described: extension.Extension) -> Folder:
    file = described.decoder
    decoder = None if file is None else Decoder(file.compatible, file.counter, file.file)
    return Folder(described.name, described.folder, described.patterns, decoder)
