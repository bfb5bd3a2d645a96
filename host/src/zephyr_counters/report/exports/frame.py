# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Reports as a pandas frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zephyr_counters.errors import UsageError
from zephyr_counters.report.exports.flat import COLUMNS, lines
from zephyr_counters.report.report import Report

if TYPE_CHECKING:
    import pandas


def to_pandas(*reports: Report) -> pandas.DataFrame:
    """Return a frame; see `flat.lines` for the columns.

    Raises:
        UsageError: pandas is not installed.
    """
    try:
        import pandas
    except ImportError as error:
        raise UsageError("pandas is not installed", "pip install pandas") from error
    return pandas.DataFrame(list(lines(*reports)), columns=list(COLUMNS))
