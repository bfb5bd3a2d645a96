# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The micro-kernels: one line each. Their C code is in the folder c."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from zephyr_counters.report.roof import RoofUnit

WORD = 4
SMALL = 2048
"""Bytes of a block that fits every cache."""
LARGE_FLASH = 65536
WORDS_IN_ALL = 1 << 15
"""About how many words each kernel works on, at least: long enough for a clock of 1 us."""
_LEAST_ROUNDS = 8


@dataclass(frozen=True)
class MicroKernel:
    """One thing that a core does.

    Attributes:
        name: of its layer.
        function: its C function.
        file: the C file that defines it, beside zc_roofs.h.
        unit: what it does.
        per_word: how many of them per word of its block.
        size: bytes of its block; of one that only counts, any.
        source: where its block is: "constant", "stored" (by the layer before it), or "none".
        stores: whether its result is the block.
        requires: features that the core must have.
    """

    name: str
    function: str
    file: str
    unit: RoofUnit
    per_word: int
    size: int = SMALL
    source: str = "none"
    stores: bool = False
    requires: frozenset[str] = frozenset()

    @property
    def sizes(self) -> tuple[int, int]:
        """Words of the block, and how often it is worked on."""
        words = self.size // WORD
        return words, max(_LEAST_ROUNDS, WORDS_IN_ALL // words)

    @property
    def amount(self) -> int:
        """How many bytes or MACs in one run."""
        words, rounds = self.sizes
        return words * rounds * self.per_word


def micro_kernels(features: frozenset[str], large_ram: int) -> Iterator[MicroKernel]:
    """Yield those that a core can run.

    Args:
        features: of the core, as in formats/core.py.
        large_ram: bytes of the larger block in RAM.
    """
    for size in (SMALL, large_ram):
        yield _memory(f"stores to RAM, {size >> 10} KiB", "zc_roofs_store", size, "none", True)
        yield _memory(f"loads from RAM, {size >> 10} KiB", "zc_roofs_load", size, "stored")
    for size in (SMALL, LARGE_FLASH):
        name = f"loads of constants, {size >> 10} KiB"
        yield _memory(name, "zc_roofs_load_constant", size, "constant")
    yield from (one for one in _MACS if one.requires <= features)


def _memory(name: str, function: str, size: int, source: str, stores: bool = False) -> MicroKernel:
    file, unit = "zc_roofs_memory.c", RoofUnit.BYTES
    return MicroKernel(name, function, file, unit, WORD, size, source, stores)


_MACS = (
    MicroKernel("int32 MACs, single", "zc_roofs_macs", "zc_roofs_macs.c", RoofUnit.MACS, 8),
    MicroKernel("float MACs, single", "zc_roofs_float_macs", "zc_roofs_macs.c", RoofUnit.MACS, 8),
    MicroKernel(
        "int16 MACs, pairs",
        "zc_roofs_dsp_macs",
        "zc_roofs_dsp.c",
        RoofUnit.MACS,
        16,
        requires=frozenset({"dsp"}),
    ),
    MicroKernel(
        "int8 MACs, vectors",
        "zc_roofs_mve_macs",
        "zc_roofs_mve.c",
        RoofUnit.MACS,
        64,
        requires=frozenset({"mve"}),
    ),
)
