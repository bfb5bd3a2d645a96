# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The TVM that has microTVM, and what it says."""

from __future__ import annotations

import re
from typing import Any

from zephyr_counters.errors import UsageError

_FRAME = re.compile(r'  File ".*", line \d+')


def tvm() -> Any:
    """Import TVM with microTVM.

    Raises:
        UsageError: there is none.
    """
    try:
        import tvm.micro  # type: ignore[import-not-found, unused-ignore]
    except ImportError as error:
        raise UsageError(
            f"zephyr_counters.microtvm needs a TVM with microTVM: {error}",
            "TVM 0.18, built from source with USE_MICRO, is the last that has it",
        ) from error
    return tvm


def said(error: Exception) -> str:
    """Return an error's last lines, without the traces that TVM puts before them."""
    lines = [line for line in str(error).splitlines() if line.strip()]
    frames = [index for index, line in enumerate(lines) if _FRAME.match(line)]
    said = lines[frames[-1] + 1 :] if frames else lines
    while frames and len(said) > 1 and said[0].startswith("    "):
        del said[0]
    return "\n".join(said[-12:]) or type(error).__name__
