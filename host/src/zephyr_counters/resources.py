# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Where the C sources, the project template, the boards and the extensions are."""

from __future__ import annotations

import contextlib
from pathlib import Path

from zephyr_counters.formats.search_path import SearchPath

_PACKAGE = Path(__file__).resolve().parent
_IN_WHEEL = _PACKAGE / "_data"
_IN_CHECKOUT = _PACKAGE.parents[2]


def path(name: str) -> Path:
    """Return the folder `name` of the repository, from a wheel or from a checkout.

    Args:
        name: `zephyr_module`, `project_template`, `boards`, `extensions` or `examples`.

    Raises:
        FileNotFoundError: the installation is incomplete.
    """
    for root in (_IN_WHEEL, _IN_CHECKOUT):
        if (root / name).is_dir():
            return root / name
    raise FileNotFoundError(f"{name} is missing from {_IN_CHECKOUT}; reinstall zephyr-counters")


def search(kind: SearchPath) -> list[Path]:
    """Return where boards or extensions are looked for; later folders replace earlier ones."""
    own = []
    with contextlib.suppress(FileNotFoundError):
        own.append(path(kind.name))
    return [*own, *kind.from_packages(), *kind.from_environment()]
