# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""How a command ends: the only place that prints errors and chooses exit codes."""

from __future__ import annotations

import codecs
import io
import os
import sys
from collections.abc import Callable
from pathlib import Path

from zephyr_counters.errors import UsageError, ZephyrCountersError

FAILED, USAGE, INTERRUPTED = 1, 2, 130
_EXTRA = {"tvm": "apache-tvm", "tvm_ffi": "apache-tvm", "onnx": "onnx", "tflite": "tflite"}
"""Modules of the extra `tvm`, and the packages that contain them."""
_POSIX = ("fcntl", "pty", "resource", "termios", "tty")
"""Modules of Python that Windows does not have."""

_UNENCODABLE = "zephyr_counters"
_CLOSEST = {"µ": "u", "±": "~", "─": "-", "→": ">", "×": "x", "…": "."}
"""Replacements of one character, so that tables stay aligned."""


def exit_code(program: str, command: Callable[[], int]) -> int:
    """Run `command` and return its exit code; error messages begin with `program`."""
    if sys.stdout is None:  # the parent process closed it
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    codecs.register_error(_UNENCODABLE, _closest)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_UNENCODABLE)
    try:
        code = command()
        sys.stdout.flush()
        return code
    except ZephyrCountersError as error:
        _complain(f"{program}: {error}")
        return USAGE if isinstance(error, UsageError) else FAILED
    except BrokenPipeError:
        # The reader of the output has closed it; the interpreter must not complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except ModuleNotFoundError as error:
        module = (error.name or "").partition(".")[0]
        if module in _POSIX:
            _complain(
                f"{program}: boards and firmware need Linux or macOS ({module} is missing)\n"
                "  hint: on Windows, use WSL; show, compare and decode work everywhere"
            )
            return FAILED
        package = _EXTRA.get(module)
        if package is None:
            raise
        _complain(f"{program}: this needs {package}\n  hint: pip install 'zephyr-counters[tvm]'")
        return FAILED
    except OSError as error:
        where = "" if error.filename is None else f"{os.fsdecode(error.filename)}: "
        _complain(f"{program}: {where}{error.strerror or error}")
        return FAILED
    except KeyboardInterrupt:
        _complain(f"{program}: interrupted")
        return INTERRUPTED


def _complain(message: str) -> None:
    """Print an error; what models and boards contribute to it cannot control the terminal."""
    from zephyr_counters.report.text import printable

    print(printable(message, keep="\n\t"), file=sys.stderr)


def _closest(error: UnicodeError) -> tuple[str, int]:
    """Replace what an output's encoding lacks; see `codecs.register_error`."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    unknown = error.object[error.start : error.end]
    return "".join(_CLOSEST.get(one, "?") for one in unknown), error.end
