# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Names: C identifiers for kernels, and readable, unique names for layers."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence

from zephyr_counters.compile.graph import Origin

MAX_KERNEL = 48
MAX_NAME = 200
"""Most characters of a name in the metadata; a model may give a tensor one of any length."""

_PREFIXES = re.compile(r"^(fused_)+")
_ELEMENTWISE = frozenset(
    [
        "quantize",
        "dequantize",
        "clip",
        "relu",
        "relu6",
        "add",
        "subtract",
        "multiply",
        "divide",
        "astype",
        "cast",
        "reshape",
        "permute_dims",
        "expand_dims",
        "squeeze",
        "flatten",
    ]
)


class Unique:
    """Hands out names, each once: a taken one gets the next free number."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def __call__(self, name: str, separator: str = "_") -> str:
        """Return the name, with a number behind it if it is taken."""
        result, number = name, 1
        while result in self._taken:
            number += 1
            result = f"{name}{separator}{number}"
        self._taken.add(result)
        return result


def identifier(text: str, fallback: str = "x") -> str:
    """`text` as part of a C identifier."""
    cleaned = re.sub(r"\W+", "_", text, flags=re.ASCII).strip("_")
    return cleaned if cleaned and not cleaned[0].isdigit() else f"{fallback}_{cleaned}".strip("_")


def shortened(name: str) -> str:
    """`name`, if it is not too long; else its beginning, and a hash that keeps it unique."""
    if len(name) <= MAX_NAME:
        return name
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{name[: MAX_NAME - 9]}~{digest}"


def kernel_name(tvm_name: str) -> str:
    """TVM's name of a fused function, without what says nothing, and not too long."""
    name = identifier(_PREFIXES.sub("", tvm_name).replace("tir_", ""), "kernel")
    parts = name.split("_")
    while len("_".join(parts)) > MAX_KERNEL and len(parts) > 1:
        parts.pop()
    return "_".join(parts)[:MAX_KERNEL]


def label(origins: Sequence[Origin]) -> str | None:
    """Return the model's name of what several operators mostly do, if it has one."""
    named = [origin for origin in origins if origin.label]
    for heavy in (
        [o for o in named if o.macs],
        [o for o in named if not _ELEMENTWISE.issuperset(o.ops)],
        [o for o in reversed(named) if not {"quantize", "dequantize"}.issuperset(o.ops)],
        named[::-1],
    ):
        if heavy:
            return heavy[0].label
    return None


def layer_name(origins: Sequence[Origin]) -> str:
    """Return the model's name for a layer; else its operators joined with '+'."""
    name, ops = label(origins), operators(origins)
    if name is not None and {"quantize", "dequantize"}.issuperset(ops):
        action = "+".join(ops)
        return shortened(name if action in name.lower() else f"{name}/{action}")
    return shortened(name or "+".join(ops) or "layer")


def operators(origins: Iterable[Origin]) -> list[str]:
    """All operators of a layer, in order."""
    return [op for origin in origins for op in origin.ops]


def sources(origins: Iterable[Origin]) -> list[str]:
    """Names of all nodes of the source model that a layer came from, in order, each once."""
    return list(dict.fromkeys(name for origin in origins for name in origin.sources))
