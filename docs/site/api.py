# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The page of the Python API: each public name's docstring, by package."""

from __future__ import annotations

import importlib

PACKAGES = {
    "zephyr_counters.compile": "From a model file to an archive.",
    "zephyr_counters.project": "From an archive to firmware on a board.",
    "zephyr_counters.board.board": "A board's functions, called from the host.",
    "zephyr_counters.measure": "Profiles.",
    "zephyr_counters.report": "Reports, and comparing them.",
    "zephyr_counters.report.exports": "Reports as files.",
    "zephyr_counters.report.metrics": "Derived metrics.",
    "zephyr_counters.report.explain": "Why a layer is slow.",
    "zephyr_counters.validate": "Comparing a compiled model with its source.",
    "zephyr_counters.blob": "Decoding records without a board.",
    "zephyr_counters.errors": "The errors that all of these raise.",
}

INTRODUCTION = """# Python API

These names are public. All else may change without notice; [CHANGELOG.md](../CHANGELOG.md) lists
changes of these.
"""


def names(package: str) -> list[str]:
    """Return a package's public names that have a docstring of their own."""
    module = importlib.import_module(package)
    listed = getattr(module, "__all__", None)
    own = [
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and getattr(value, "__module__", None) == package
    ]
    found = own if listed is None else listed
    return [name for name in found if callable(getattr(module, name))]


def text() -> str:
    """Return the page."""
    parts = [INTRODUCTION]
    for package, what in PACKAGES.items():
        parts.append(f"## {package}\n\n{what}\n")
        for name in names(package):
            value = getattr(importlib.import_module(package), name)
            kind = "autoclass" if isinstance(value, type) else "autofunction"
            members = "   :members:\n" if kind == "autoclass" else ""
            parts.append(
                f"### {name}\n\n```{{eval-rst}}\n.. {kind}:: {package}.{name}\n{members}```\n"
            )
    return "\n".join(parts)
