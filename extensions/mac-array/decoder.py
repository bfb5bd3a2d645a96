# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The bytes of the mac-array's counter `job-log`: a line of 32 bytes for each job it was given.

device/mac_array.c writes them; README.md has the table.
"""

from __future__ import annotations

import struct
from typing import Any

compatible = "zephyr-counters,mac-array"
counter = "job-log"

LINE = struct.Struct("<BBBx9H2B2I")
VERSION = 1
KINDS = {0: "conv2d", 1: "depthwise", 2: "matmul"}
KIND_LOST = 255
ERRORS = {
    0: None,
    1: "bad shape",
    2: "overflow",
    3: "bad address",
    4: "bad range",
    5: "bad scale",
}


def decode(data: bytes) -> list[dict[str, Any]]:
    """Return a dictionary for each job, oldest first.

    `cycles` and `stalls` are cycles of the array's clock; `input` and `output` are height, width
    and channels. A line of kind "lost" stands for `jobs` that the log had no room for. What a
    record has cut off in the middle of a line is left out; its flags say that it was cut.

    Raises:
        ValueError: these bytes are no job log, or one of another version.
    """
    whole = len(data) - len(data) % LINE.size
    return [_job(*line) for line in LINE.iter_unpack(data[:whole])]


def _job(version: int, kind: int, code: int, *numbers: int) -> dict[str, Any]:
    if version != VERSION:
        raise ValueError(f"a job log of version {version}, not {VERSION}")
    batch, *dims, stride_h, stride_w, cycles, stalls = numbers
    if kind == KIND_LOST:
        return {"kind": "lost", "jobs": cycles}
    if kind not in KINDS or code not in ERRORS:
        raise ValueError(f"a job of unknown kind {kind} or error {code}")
    return {
        "kind": KINDS[kind],
        "error": ERRORS[code],
        "batch": batch,
        "input": dims[0:3],
        "output": dims[3:6],
        "kernel": dims[6:8],
        "stride": [stride_h, stride_w],
        "cycles": cycles,
        "stalls": stalls,
    }
