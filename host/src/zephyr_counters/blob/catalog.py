# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The catalog: which counters a board has, and what its firmware holds at once."""

from __future__ import annotations

import enum
import zlib
from dataclasses import astuple, dataclass

import cbor2

VERSION = 2
"""Of the catalogs that this package's firmware sends; version 1 is decoded as well."""

FIXED = 0x01
RUNNING = 0x02
EXPENSIVE = 0x04
SIMULATED = 0x01
"""Of a provider, the others of a counter."""


class Kind(enum.IntEnum):
    """What a counter's value means."""

    COUNT = 0
    """Counts up and wraps; a record holds the difference over the region."""
    LEVEL = 1
    """A level; a record holds the one at the region's end."""
    BYTES = 2
    """Opaque bytes collected in the region."""


class ClockKind(enum.IntEnum):
    """What drives a clock, and so what a count of its cycles means."""

    NONE = 0
    """There is no clock, or it is not known what drives it."""
    CORE = 1
    """The clock of the core that runs the kernels."""
    TIMER = 2
    """A timer: constant, and not the core's clock."""
    HOST = 3
    """The clock of the machine that simulates the board or runs the firmware as a process."""


@dataclass(frozen=True)
class Counter:
    """One counter.

    Attributes:
        name: unique in its provider, `cycles`.
        unit: `cycles`, `ns`, `bytes`, `1`, ...
        width: bits, 1 to 64; 0 for bytes.
        fixed: needs no slot.
        running: advances whenever the CPU runs.
        max_per_cycle: the most it can advance in a cycle of its provider's clock, 0 if unknown.
        description: one line.
        expensive: reading it takes so long that it has to be asked for by name.
    """

    name: str
    unit: str
    width: int
    kind: Kind
    fixed: bool = False
    running: bool = False
    max_per_cycle: int = 0
    description: str = ""
    expensive: bool = False


@dataclass(frozen=True)
class Provider:
    """A device with counters.

    Attributes:
        name: unique on the board.
        compatible: as in devicetree.
        slots: how many counters that are not fixed can be selected at once.
        clock_hz: of the clock its cycles are counted in, 0 if it has none.
        unavailable: why its counters cannot be read, or None.
        counters: a counter's id is its index.
        clock: what drives that clock.
        simulated: a simulation makes its values up.
    """

    name: str
    compatible: str
    slots: int
    clock_hz: int
    unavailable: str | None
    counters: tuple[Counter, ...]
    clock: ClockKind = ClockKind.NONE
    simulated: bool = False


@dataclass(frozen=True)
class Limits:
    """What a firmware holds at once.

    Attributes:
        smallest_record_bytes: a record with one value or none.
        value_bytes: what each further value adds to it.
        counters: most counters selected at once.
        providers: most providers selected at once.
        opaque_bytes: most opaque bytes in a record.
        packet_bytes: of the buffer for an RPC packet.
        arena_bytes: of the memory for the host's tensors.
    """

    smallest_record_bytes: int
    value_bytes: int
    counters: int
    providers: int
    opaque_bytes: int
    packet_bytes: int
    arena_bytes: int


@dataclass(frozen=True)
class Catalog:
    """All counters of a board.

    Attributes:
        board: Zephyr's board target, or `posix`.
        runtime: `tvm-ffi` or `crt`.
        clock_hz: of the clock that ticks are counted in.
        record_bytes: capacity of the device's record buffer.
        clock_kind: what drives the clock of the ticks.
        clock_name: its name, `dwt`, `kernel`, `monotonic`; empty in version 1.
        limits: None in version 1.
    """

    board: str
    runtime: str
    clock_hz: int
    record_bytes: int
    providers: tuple[Provider, ...]
    clock_kind: ClockKind = ClockKind.NONE
    clock_name: str = ""
    limits: Limits | None = None

    @property
    def crc(self) -> int:
        """CRC-32 of the catalog's bytes, by which records name it."""
        return zlib.crc32(encode_catalog(self))

    def counter(self, provider: int, counter: int) -> Counter:
        """Return a counter by indices that are known to be valid."""
        return self.providers[provider].counters[counter]

    def record_capacity(self, values: int) -> int:
        """Return how many records the record buffer holds, opaque bytes left out.

        It keeps room for one more: a region is recorded there when the buffer is full.

        Args:
            values: counters selected.
        """
        if self.limits is None:
            return 0
        size = self.limits.smallest_record_bytes + self.limits.value_bytes * max(0, values - 1)
        return max(0, self.record_bytes // size - 1)


def encode_catalog(catalog: Catalog) -> bytes:
    """Encode a catalog to the bytes it was decoded from; each version has only one encoding."""
    limits = catalog.limits
    clock: list[object] = [catalog.clock_hz]
    capacity: list[object] = [catalog.record_bytes]
    if limits is not None:
        clock += [int(catalog.clock_kind), catalog.clock_name]
        capacity += astuple(limits)
    providers = [_provider(one, limits is not None) for one in catalog.providers]
    version = 1 if limits is None else VERSION
    return cbor2.dumps([version, catalog.board, catalog.runtime, *clock, *capacity, providers])


def _provider(provider: Provider, with_clock: bool) -> list[object]:
    clock = [int(provider.clock), SIMULATED * provider.simulated] if with_clock else []
    return [
        provider.name,
        provider.compatible,
        provider.slots,
        provider.clock_hz,
        provider.unavailable,
        *clock,
        [_counter(one) for one in provider.counters],
    ]


def _counter(counter: Counter) -> list[object]:
    return [
        counter.name,
        counter.unit,
        counter.width,
        int(counter.kind),
        FIXED * counter.fixed | RUNNING * counter.running | EXPENSIVE * counter.expensive,
        counter.max_per_cycle,
        counter.description,
    ]
