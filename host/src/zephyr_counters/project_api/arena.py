# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Whether a board's memory for the host's tensors holds the model's inputs and outputs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from zephyr_counters.errors import UsageError
from zephyr_counters.formats.board import Board
from zephyr_counters.formats.model_archive import ModelArchive
from zephyr_counters.formats.options import Value

SYMBOL = "CONFIG_ZC_ARENA_SIZE"
_OPTION = "arena_size_bytes"
_ALIGNMENT = 16
_BESIDES = 256
"""Bytes for what else a session allocates, such as TVM's time evaluator."""
_KCONFIG = "lib/Kconfig"
_PORT = {"posix": "ports/posix/posix.conf"}
"""By platform: what it sets instead of Kconfig's defaults."""


def needed(model: ModelArchive) -> int:
    """Return the bytes for the largest input or output: they are sent one after the other."""
    largest = max((tensor.nbytes for tensor in (*model.inputs, *model.outputs)), default=0)
    return -(-(largest + _BESIDES) // _ALIGNMENT) * _ALIGNMENT


def config(
    model: ModelArchive, board: Board, module: Path, given: Mapping[str, Value]
) -> dict[str, Value]:
    """Return the configuration that makes room for the model, where a process of the host runs it.

    Args:
        model: its inputs and outputs have to fit.
        board: the board to build for.
        module: folder of the C code.
        given: configuration that the options ask for.

    Raises:
        UsageError: a board's memory, or that which the user asks for, is too small; names the
            option and its value.
    """
    need = needed(model)
    have = int(given[SYMBOL]) if SYMBOL in given else _default(board, module)
    if have is None or need <= have:
        return {}
    if SYMBOL not in given and board.platform == "posix":
        return {SYMBOL: need}
    raise UsageError(
        f"an input or output of the model has {need - _BESIDES} bytes, and board '{board.name}' "
        f"has {have} for the host's tensors",
        f"--project-option {_OPTION}={need}",
    )


def _default(board: Board, module: Path) -> int | None:
    """Return what the board's file sets, else that of its platform, else Kconfig's default."""
    line = re.compile(rf"^{SYMBOL}=(\d+)$", re.M)
    default = re.compile(r"^config ZC_ARENA_SIZE\n(?:\t.*\n)*?\tdefault (\d+)$", re.M)
    port = _PORT.get(board.platform)
    for path, pattern in (
        (board.folder / "board.conf", line),
        *([(module / port, line)] if port else []),
        (module / _KCONFIG, default),
    ):
        found = pattern.search(path.read_text()) if path.exists() else None
        if found:
            return int(found[1])
    return None
