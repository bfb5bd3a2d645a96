# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The generated weights.c: the model's constants."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from zephyr_counters.compile.codegen.names import c_type, head
from zephyr_counters.compile.plan.plan import Plan

WEIGHTS_HEADER = "src/weights.h"
_PER_LINE = {1: 16, 2: 12, 4: 7, 8: 4}
"""Values in a line of at most 100 characters, by size in bytes."""


def weights(plan: Plan) -> tuple[str, str]:
    """Source and header of the model's constants, 16-byte aligned like all tensors.

    Floats are written as their bits, which is exact and takes a tenth of the time: each is a union
    of the same name, so that reading it as floats is what C allows.
    """
    header = [head("weights.h"), "#include <stdint.h>\n\n"]
    source = [head("weights.c"), '#include "weights.h"\n']
    for buffer in plan.buffers:
        if buffer.data is None:
            continue
        name, count = f"zc_{buffer.name}", max(1, buffer.data.size)
        values, aligned = _values(buffer.data), "__attribute__((aligned(16)))"
        if buffer.data.dtype.kind == "f":
            bits, value = f"uint{8 * buffer.data.dtype.itemsize}_t", c_type(buffer.dtype)
            members = f"{bits} bits[{count}]; {value} values[{count}];"
            header.append(f"union {name} {{ {members} }};\nextern const union {name} {name};\n")
            source.append(f"\nconst union {name} {name} {aligned} = {{ {{\n{values}\n}} }};\n")
        else:
            declaration = f"const {c_type(buffer.dtype)} {name}[{count}]"
            header.append(f"extern {declaration};\n")
            source.append(f"\n{declaration} {aligned} = {{\n{values}\n}};\n")
    return "".join(source), "".join(header)


def _values(data: npt.NDArray[Any]) -> str:
    """Return an initializer's values, in lines."""
    size = data.dtype.itemsize
    flat, step = data.reshape(-1), _PER_LINE[size]
    if data.dtype.kind == "f" or size == 8:
        big_endian = flat.astype(data.dtype.newbyteorder(">")).tobytes()
        rows = (
            "0x" + big_endian[start : start + step * size].hex(",", size).replace(",", ", 0x")
            for start in range(0, len(big_endian), step * size)
        )
    else:
        whole = flat.astype(np.uint8) if data.dtype.kind == "b" else flat
        items = list(map(str, whole.tolist()))
        rows = (", ".join(items[start : start + step]) for start in range(0, len(items), step))
    return "\n".join(f"\t{row}," for row in rows)
