# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""How a command ends: the one place that prints errors and chooses exit codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from ..errors import UsageError, ZephyrCountersError

OK, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130


def of(program: str, command: Callable[[], int]) -> int:
    """Run `command` and return the exit code; `program` begins an error's line."""
    try:
        code = command()
        sys.stdout.flush()
        return code
    except ZephyrCountersError as error:
        print(f"{program}: {error}", file=sys.stderr)
        return USAGE if isinstance(error, UsageError) else FAILED
    except BrokenPipeError:
        # Whoever read the output has enough of it; the interpreter must not complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except OSError as error:
        print(f"{program}: {error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print(f"{program}: interrupted", file=sys.stderr)
        return INTERRUPTED
