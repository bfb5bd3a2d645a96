# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The generated weights.c and weights.bin: the model's constants.

The assembler takes the values from weights.bin as they are. As C text they would be three to five
times as large, and a compiler needs a second and 45 MB for each megabyte of them.
"""

from __future__ import annotations

import numpy as np

from zephyr_counters.compile.codegen.names import c_type, head
from zephyr_counters.compile.plan.memory import aligned
from zephyr_counters.compile.plan.plan import Plan

WEIGHTS_HEADER = "src/weights.h"
WEIGHTS_BINARY = "src/weights.bin"


def weights(plan: Plan) -> tuple[str, str, bytes]:
    """Source, header and binary of the model's constants, 16-byte aligned like all tensors.

    They are little-endian, as every board's memory is.
    """
    header = [head("weights.h"), "#include <stdint.h>\n\n"]
    source = [head("weights.c"), "#include <zephyr_counters/constant.h>\n\n"]
    parts: list[memoryview | bytes] = []
    offset = 0
    for buffer in plan.buffers:
        if buffer.data is None:
            continue
        name, count = f"zc_{buffer.name}", max(1, buffer.data.size)
        header.append(f"extern const {c_type(buffer.dtype)} {name}[{count}];\n")
        values = np.ascontiguousarray(buffer.data)
        values = values.astype(values.dtype.newbyteorder("<"), copy=False).reshape(-1)
        if not values.size:
            values = np.zeros(1, values.dtype)
        source.append(f"ZC_CONSTANT({name}, {offset}, {values.nbytes})\n")
        padding = aligned(values.nbytes) - values.nbytes
        parts += [values.view(np.uint8).data, bytes(padding)]
        offset += values.nbytes + padding
    return "".join(source), "".join(header), b"".join(parts)
