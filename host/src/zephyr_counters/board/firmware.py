# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Whether the firmware on a board is that of a project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zephyr_counters.errors import ArchiveError, BoardError
from zephyr_counters.formats.model_archive import ModelArchive

if TYPE_CHECKING:
    from zephyr_counters.blob.model_info import DeviceModel
    from zephyr_counters.board.board import Board

_HINT = "is it the right port? else build and flash the project: tvmc micro build, tvmc micro flash"


def built_from(model: DeviceModel, archive: ModelArchive) -> bool:
    """Return whether a firmware that describes its model so was built from an archive."""
    return model.hash == archive.hash and model.layers == len(archive.layers)


def check(board: Board, archive: ModelArchive, target: str) -> None:
    """Ask a board what it runs.

    Args:
        board: connected.
        archive: the project's model.
        target: what the project's firmware calls its board; what Zephyr appends may follow.

    Raises:
        ArchiveError: it runs another project's firmware.
        LinkTimeout, LinkError: no answer.
    """
    another = f"{board.name}: the board runs another project's firmware"
    try:
        model = board.model_info()
        there = board.catalog().board
    except BoardError as error:
        raise ArchiveError(f"{another}: {error.what}", _HINT) from error
    right_board = there == target or there.startswith(f"{target}/")
    if not built_from(model, archive) or not right_board:
        raise ArchiveError(
            f"{another}: model {model.name} ({model.hash.hex()[:12]}) for {there}, "
            f"not {archive.name} ({archive.hash.hex()[:12]}) for {target}",
            _HINT,
        )
