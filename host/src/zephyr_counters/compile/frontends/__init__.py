# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Model files to graphs: one module per file format.

To add one: a module with the names of `Frontend`, and a line here. A package outside of this one
names its module, or an object like it, as an entry point of group `zephyr_counters.frontends`.
"""

from __future__ import annotations

import importlib.util
from importlib.metadata import entry_points

from zephyr_counters.compile.frontends import onnx, pytorch, tflite
from zephyr_counters.compile.frontends.frontend import Frontend
from zephyr_counters.compile.source import Source
from zephyr_counters.errors import CompileError, UsageError

ENTRY_POINTS = "zephyr_counters.frontends"
FRONTENDS: tuple[Frontend, ...] = (tflite, onnx, pytorch)


def known() -> tuple[Frontend, ...]:
    """Return the frontends here, and those that entry points name.

    Raises:
        UsageError: an entry point cannot be loaded.
    """
    found = []
    for entry in sorted(entry_points(group=ENTRY_POINTS), key=lambda item: item.name):
        try:
            found.append(entry.load())
        except Exception as error:
            raise UsageError(
                f"model frontend '{entry.name}' ({entry.value}) cannot be loaded: {error}",
                "repair or remove the package that brings it",
            ) from error
    return (*FRONTENDS, *found)


def detect(source: Source, wanted: str | None = None) -> Frontend:
    """Return the frontend that reads a file.

    Args:
        source: the file.
        wanted: the name of the format that it must have, or None for any.

    Raises:
        CompileError: no frontend reads it.
        UsageError: it has another format, `wanted` is not known, or a package is missing.
    """
    frontends = known()
    names = ", ".join(frontend.name for frontend in frontends)
    if wanted is not None and wanted not in (frontend.name for frontend in frontends):
        raise UsageError(f"model format '{wanted}' is not known", f"known ones: {names}")
    found = [frontend for frontend in frontends if frontend.detects(source.data, source.path)]
    if not found:
        raise CompileError(f"{source.path.name}: is not a model of a known format ({names})")
    suffix = source.path.suffix.lower()
    frontend = next((item for item in found if suffix in item.suffixes), found[0])
    if wanted is not None:
        frontend = next((item for item in found if item.name == wanted), frontend)
        if frontend.name != wanted:
            raise UsageError(
                f"{source.path}: looks like {frontend.name}, not {wanted}",
                "leave out --model-format",
            )
    for package in frontend.packages:
        if importlib.util.find_spec(package) is None:
            raise UsageError(
                f"{source.path}: reading {frontend.name} models needs the package {package}",
                f"pip install '{frontend.extra}'",
            )
    return frontend
