# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Where the C sources, the project template, the boards and the accelerators are."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_IN_WHEEL = _PACKAGE / "_data"
_IN_CHECKOUT = _PACKAGE.parents[2]


def path(name: str) -> Path:
    """Return the folder `name` of the repository, from a wheel or from a checkout.

    Args:
        name: `zephyr_module`, `project_template`, `boards` or `accelerators`.

    Raises:
        FileNotFoundError: the installation is incomplete.
    """
    for root in (_IN_WHEEL, _IN_CHECKOUT):
        if (root / name).is_dir():
            return root / name
    raise FileNotFoundError(f"{name} is missing from {_IN_CHECKOUT}; reinstall zephyr-counters")
