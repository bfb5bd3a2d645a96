# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The C library's allocator."""

from __future__ import annotations

import ctypes


def return_freed_memory() -> None:
    """Give freed memory back to the system.

    glibc keeps blocks of up to 32 MiB once it has freed one of that size, as a model's file is:
    without this, compiling takes the size of the imported file twice more. Elsewhere nothing
    happens.
    """
    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        return
    trim(0)
