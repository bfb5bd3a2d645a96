# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""CBOR items of a record blob, for the decoders' tests."""

from __future__ import annotations

import zlib
from typing import Any

from fake_board import catalog_item, cbor
from zephyr_counters.blob import Selection, encode_selection

SELECTION = Selection(True, ((1, (0, 3, 2)), (0, (0,))))


def records_item(**changes: object) -> list[Any]:
    """Records of SELECTION: macs, log (bytes), queue (level), cycles."""
    fields = {
        "version": 3,
        "request": 5,
        "catalog_crc": zlib.crc32(cbor(catalog_item())),
        "selection_crc": zlib.crc32(encode_selection(SELECTION)),
        "overhead": [7, 1, 0, 12],
        "nested": [3, 1, 0, 5],
        "stuck": [3],
        "dropped": 2,
        "remaining": 1,
        "records": [
            [4, 1, 0x1D, 1000, 640, 9, 20, {1: b"\x01\x02"}],
            [2, 0, 2, 5, 0, 3, 4],
        ],
    }
    return list({**fields, **changes}.values())
