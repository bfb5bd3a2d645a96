# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Headers of TVM's C runtime (CRT), to compile lib/crt_shim against.

As a program it fetches those of crt-headers.txt into build/, once, and never fails: what needs them
is skipped where they cannot be had. TVM 0.18 itself, where it is at hand, has more: internal
headers, and sources.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "build" / "crt-headers"
REQUIREMENT = Path(__file__).with_name("crt-headers.txt")
WHY_NOT = "no headers of TVM's C runtime: make crt-headers fetches them"
WHY_NOT_REAL = "no C runtime of TVM 0.18: tvm.micro is not importable, and TVM_HOME is not set"
_PARTS = {"tvm/include/tvm/runtime/": "include/tvm/runtime", "tvm/dlpack/include/": "dlpack"}
_MARK = Path("tvm/runtime/crt/platform.h")
# The only thing that the wheel's headers include and it does not hold: where ssize_t is from.
_SSIZE = "#include <sys/types.h>\n"
_SECONDS = 240


def find() -> list[Path] | None:
    """The folders for the compiler's search path; None if they were not fetched."""
    folders = [FOLDER / "include", FOLDER / "dlpack"]
    return folders if (folders[0] / _MARK).is_file() else None


def find_real() -> Path | None:
    """The CRT of a TVM 0.18 that is importable or in $TVM_HOME: a folder with include and src."""
    homes = [Path(os.environ["TVM_HOME"])] if "TVM_HOME" in os.environ else []
    spec = importlib.util.find_spec("tvm")
    if spec is not None and spec.origin is not None:
        # <home>/python/tvm/__init__.py, or where a wheel was unpacked.
        homes += [Path(spec.origin).parents[2], Path(spec.origin).parent]
    parts = ("build/standalone_crt", "standalone_crt")
    for folder in (home / part for home in homes for part in parts):
        if (folder / "include" / _MARK).is_file():
            return folder
    return None


def fetch() -> None:
    """Put the headers into FOLDER.

    Raises:
        OSError: they cannot be written.
        RuntimeError: the wheel cannot be had, or is another one.
    """
    FOLDER.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FOLDER.parent) as name:
        work = Path(name)
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        command += ["--disable-pip-version-check", "--only-binary=:all:", "--retries", "1"]
        command += ["--python-version", "3.10", "--platform", "manylinux1_x86_64"]
        command += ["--dest", str(work), "--requirement", str(REQUIREMENT)]
        try:
            run = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise RuntimeError(f"pip took more than {_SECONDS} s") from error
        if run.returncode != 0:
            raise RuntimeError((run.stderr.strip().splitlines() or ["pip failed"])[-1])
        (wheel,) = work.glob("*.whl")
        _unpack(wheel, work / "headers")
        shutil.rmtree(FOLDER, ignore_errors=True)
        (work / "headers").rename(FOLDER)


def _unpack(wheel: Path, folder: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        for member in archive.namelist():
            for prefix, part in _PARTS.items():
                if member.startswith(prefix) and member.endswith(".h"):
                    path = folder / part / member.removeprefix(prefix)
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(archive.read(member))
    ssize = folder / "src" / "support" / "ssize.h"
    ssize.parent.mkdir(parents=True)
    ssize.write_text(_SSIZE)


def main() -> None:
    if find() is not None:
        return
    try:
        fetch()
    except (OSError, RuntimeError, ValueError, zipfile.BadZipFile) as error:
        print(f"Headers of TVM's C runtime cannot be fetched, so its tests are skipped: {error}")


if __name__ == "__main__":
    main()
