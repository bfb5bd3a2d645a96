# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""C files that lie beside a kernel library's modules."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from zephyr_counters.extensions.kernel import CFile

_HERE = Path(__file__).resolve().parent


@cache
def c_file(path: str) -> CFile:
    """Return a file of this folder, such as "dsp/zc_dsp.h"."""
    return CFile(Path(path).name, (_HERE / path).read_text(encoding="utf-8"))


def c_files(folder: str, *names: str) -> tuple[CFile, ...]:
    """Return files of a library's folder."""
    return tuple(c_file(f"{folder}/{name}") for name in names)


GEOMETRY = c_file("gather/zc_geometry.h")
"""What the structs of convolutions begin with."""
