# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The selection: which counters a board reads at each region."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any

import cbor2

from zephyr_counters.blob import cbor
from zephyr_counters.blob.catalog import Catalog, Counter, Kind, Provider
from zephyr_counters.errors import BlobError

VERSION = 2
"""Of the selections that this package's firmware takes; those before had no version."""
LIMIT = 1 << 16
"""Most bytes of a selection."""

LOCK_INTERRUPTS = 0x01


@dataclass(frozen=True)
class Position:
    """A selected counter, by its place in the flattened list of all counters selected.

    Attributes:
        index: of the place; what `stuck` and opaque bytes of a record refer to.
        value: index among the counters that have a value (those not of kind bytes), or None.
        provider: name of the provider.
        wrap_ticks: the shortest region in which it may wrap more than once, None if in none.
    """

    index: int
    value: int | None
    provider: str
    counter: Counter
    wrap_ticks: int | None = None

    @property
    def name(self) -> str:
        """`provider:counter`."""
        return f"{self.provider}:{self.counter.name}"


@dataclass(frozen=True)
class Selection:
    """Which counters, in which order.

    Attributes:
        lock_interrupts: lock interrupts around each region.
        groups: (index of a provider, indices of its counters), each provider at most once.
        id: number of the request, chosen by the host so that the CRC-32 differs from that of
            every other request; None in a selection from before version 2.
    """

    lock_interrupts: bool = False
    groups: tuple[tuple[int, tuple[int, ...]], ...] = ()
    id: int | None = 0

    @property
    def crc(self) -> int:
        """CRC-32 of the selection's bytes, by which records name it."""
        return zlib.crc32(encode_selection(self))

    def positions(self, catalog: Catalog) -> tuple[Position, ...]:
        """Return the selected counters in the order of a record's values.

        Raises:
            BlobError: the catalog has no such provider or counter.
        """
        found: list[Position] = []
        values = 0
        for provider_index, counters in self.groups:
            if provider_index >= len(catalog.providers):
                raise BlobError(
                    f"selection names provider {provider_index}, the catalog has "
                    f"{len(catalog.providers)}"
                )
            provider = catalog.providers[provider_index]
            for counter_index in counters:
                if counter_index >= len(provider.counters):
                    raise BlobError(
                        f"selection names counter {counter_index} of {provider.name}, which has "
                        f"{len(provider.counters)}"
                    )
                counter = provider.counters[counter_index]
                numeric = counter.kind is not Kind.BYTES
                found.append(
                    Position(
                        len(found),
                        values if numeric else None,
                        provider.name,
                        counter,
                        _wrap_ticks(catalog, provider, counter),
                    )
                )
                values += numeric
        return tuple(found)


def _wrap_ticks(catalog: Catalog, provider: Provider, counter: Counter) -> int | None:
    """Return the ticks in which a counter may advance by 2^width, rounded down.

    Where the provider does not know how fast a counter is, once a cycle is assumed, and where it
    has no clock, that of the ticks. 64 bits do not wrap in a lifetime.
    """
    if counter.kind is not Kind.COUNT or counter.width == 64:
        return None
    per_second = (provider.clock_hz or catalog.clock_hz) * max(counter.max_per_cycle, 1)
    return (catalog.clock_hz << counter.width) // per_second


def encode_selection(selection: Selection) -> bytes:
    """Encode a selection for `hwcnt.select`, or to the bytes it was decoded from."""
    flags = LOCK_INTERRUPTS if selection.lock_interrupts else 0
    groups = [[provider, list(counters)] for provider, counters in selection.groups]
    if selection.id is None:
        return cbor2.dumps([flags, *groups])
    return cbor2.dumps([VERSION, selection.id, flags, groups])


def decode_selection(data: bytes) -> Selection:
    """Decode a selection that was saved.

    Raises:
        BlobError: damaged, of another version, or against the schema.
    """
    fields = cbor.array(cbor.load(bytes(data), "selection", LIMIT), "selection")
    if not fields:
        raise BlobError("selection is empty")
    # Where the version is now, there were the flags before: 0 or 1.
    if cbor.uint(fields[0], "version of selection") <= LOCK_INTERRUPTS:
        flags, *items = fields
        request = None
    else:
        cbor.version(fields, "selection", (VERSION,))
        _, request, flags, listed = cbor.array(fields, "selection", 4)
        cbor.uint(request, "id of selection", cbor.U32)
        items = list(cbor.array(listed, "groups of selection"))
    cbor.uint(flags, "flags of selection", LOCK_INTERRUPTS + 1)
    groups = tuple(_group(item) for item in items)
    if len({provider for provider, _ in groups}) != len(groups):
        raise BlobError("selection names a provider twice")
    return Selection(bool(flags & LOCK_INTERRUPTS), groups, request)


def _group(item: Any) -> tuple[int, tuple[int, ...]]:
    pair = cbor.array(item, "group of selection", 2)
    provider = cbor.uint(pair[0], "provider of selection", cbor.U16)
    counters = tuple(
        cbor.uint(one, "counter of selection", cbor.U16)
        for one in cbor.array(pair[1], "counters of selection", limit=4096)
    )
    if not counters or len(set(counters)) != len(counters):
        raise BlobError(f"selection has no counter, or a counter twice, of provider {provider}")
    return provider, counters
