# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What the opaque bytes in a report mean."""

from __future__ import annotations

from typing import Any

from zephyr_counters.extensions.opaque import decode_opaque
from zephyr_counters.report.report import Report, Row


def decoded(report: Report, row: Row, name: str) -> tuple[Any, ...]:
    """Return the decoded bytes of a counter, one item per repetition; None without a decoder.

    Args:
        report: the report.
        row: one of its rows.
        name: the counter, as `provider:counter`.

    Raises:
        BlobError: the decoder does not accept the bytes.
        KeyError: the row has no bytes of that counter.
    """
    compatible = report.counter(name).compatible
    for one in row.opaque:
        if one.name == name:
            short = name.partition(":")[2]
            return tuple(decode_opaque(compatible, short, data) for data in one.data)
    raise KeyError(name)
