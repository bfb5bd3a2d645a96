# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""TVM's errors as one line."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any


def brief(error: BaseException, limit: int = 300) -> str:
    """Return the first line of what an exception says, without TVM's stack trace."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    lines = [line for line in lines if not line.startswith(("File ", "Traceback"))]
    text = lines[0] if lines else type(error).__name__
    return text if len(text) <= limit else text[: limit - 3] + "..."


def abandon(*builders: Any) -> None:
    """Close the blocks that a frontend's failure left open, or TVM complains on stderr."""
    for builder in builders:
        with contextlib.suppress(Exception):
            builder._end_block()


def listed(problems: Sequence[str], limit: int = 20) -> str:
    """All problems as one text: one as it is, several as a list."""
    if len(problems) == 1:
        return problems[0]
    shown = [f"\n  {problem}" for problem in problems[:limit]]
    more = len(problems) - limit
    rest = f"\n  and {more} more" if more > 0 else ""
    return f"{len(problems)} operators cannot be compiled:{''.join(shown)}{rest}"
