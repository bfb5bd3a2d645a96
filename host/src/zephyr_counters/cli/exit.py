# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""How a command ends: the only place that prints errors and chooses exit codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

from zephyr_counters.errors import UsageError, ZephyrCountersError

FAILED, USAGE, INTERRUPTED = 1, 2, 130
_EXTRA = {"tvm": "apache-tvm", "tvm_ffi": "apache-tvm", "onnx": "onnx", "tflite": "tflite"}
"""Modules of the extra `tvm`, and the packages that contain them."""


def exit_code(program: str, command: Callable[[], int]) -> int:
    """Run `command` and return its exit code; error messages begin with `program`."""
    if sys.stdout is None:  # the parent process closed it
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    try:
        code = command()
        sys.stdout.flush()
        return code
    except ZephyrCountersError as error:
        print(f"{program}: {error}", file=sys.stderr)
        return USAGE if isinstance(error, UsageError) else FAILED
    except BrokenPipeError:
        # The reader of the output has closed it; the interpreter must not complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except ModuleNotFoundError as error:
        package = _EXTRA.get((error.name or "").partition(".")[0])
        if package is None:
            raise
        print(
            f"{program}: this needs {package}\n  hint: pip install 'zephyr-counters[tvm]'",
            file=sys.stderr,
        )
        return FAILED
    except OSError as error:
        where = "" if error.filename is None else f"{os.fsdecode(error.filename)}: "
        print(f"{program}: {where}{error.strerror or error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print(f"{program}: interrupted", file=sys.stderr)
        return INTERRUPTED
