# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""TVM's errors as one line, and its warnings not at all."""

from __future__ import annotations

import contextlib
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from typing import Any

_LOGGED = re.compile(rb"\[\d\d:\d\d:\d\d\] \S+\.(cc|h):\d+: ")
"""How TVM's C++ code begins a line of its log (tvm/runtime/logging.h)."""


def brief(error: BaseException, limit: int = 300) -> str:
    """Return the first line of what an exception says, without TVM's stack trace."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    lines = [line for line in lines if not line.startswith(("File ", "Traceback"))]
    text = lines[0] if lines else type(error).__name__
    return text if len(text) <= limit else text[: limit - 3] + "..."


_OURS = (AttributeError, TypeError, KeyError, IndexError, AssertionError, NotImplementedError)
"""What code raises where it met something that it was not written for."""


def reason(error: BaseException) -> str:
    """Return why an operator cannot be converted, in words that say something of the operator."""
    if isinstance(error, _OURS):
        return f"has inputs or attributes of a form that is not supported ({brief(error, 120)})"
    return brief(error)


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


@contextlib.contextmanager
def without_log() -> Iterator[None]:
    """Keep what TVM's C++ code logs off stderr; what else is written there comes at the end."""
    sys.stderr.flush()
    try:
        saved = os.dup(2)
    except OSError:
        yield
        return
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            yield
        finally:
            sys.stderr.flush()
            os.dup2(saved, 2)
            os.close(saved)
            held.seek(0)
            for line in held:
                if not _LOGGED.match(line):
                    os.write(2, line)
