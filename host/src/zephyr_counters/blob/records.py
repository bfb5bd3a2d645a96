# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The record blob: what was measured."""

from __future__ import annotations

import enum
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from zephyr_counters.blob import cbor
from zephyr_counters.blob.catalog import Catalog, Kind
from zephyr_counters.blob.selection import Position, Selection
from zephyr_counters.errors import BlobError

VERSION = 3
"""Of the blobs that this package's firmware sends; version 2 is decoded as well."""
LIMIT = 1 << 24
"""Most bytes of a record blob."""

UNFINISHED = 0x04
CUT = 0x08
IRQ_LOCKED = 0x10
_CRC_BYTES = 4
_ITEMS = {2: 9, 3: 10}


class Origin(enum.IntEnum):
    """What a record's tag counts."""

    USER = 0
    LAYER = 1
    WHOLE = 2
    FUNCTION = 3


@dataclass(frozen=True)
class Measure:
    """What measuring itself costs: ticks, and a value per position that is not kind bytes."""

    ticks: int
    values: tuple[int, ...]


@dataclass(frozen=True)
class Record:
    """One measured region, as it was read: the cost of measuring is still in it.

    Attributes:
        tag: layer index, kernel index or the user's tag.
        repetition: 0 and up.
        unfinished: an error ended it.
        cut: its opaque bytes were cut short.
        irq_locked: interrupts were locked.
        wrapped: value positions that may have wrapped more than once: the region lasted longer
            than the counter takes to wrap at its fastest. Empty if the selection is not known.
        ticks: duration, of the catalog's clock.
        values: one per value position.
        opaque: bytes by position.
    """

    tag: int
    repetition: int
    origin: Origin
    unfinished: bool
    cut: bool
    irq_locked: bool
    wrapped: frozenset[int]
    ticks: int
    values: tuple[int, ...]
    opaque: Mapping[int, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class RecordBlob:
    """What one `hwcnt.take` returned.

    Attributes:
        overhead: what an empty region measures; part of each record.
        nested: what a region inside another adds to the outer one.
        stuck: positions of counters that should advance and do not.
        dropped: records lost since the take before, because the buffer was full.
        remaining: records that the next take brings.
        positions: the selected counters; empty if the selection is not known.
        request: number of the take that the blob answers; None in version 2.
    """

    catalog_crc: int
    selection_crc: int
    overhead: Measure
    nested: Measure
    stuck: frozenset[int]
    dropped: int
    remaining: int
    records: tuple[Record, ...]
    positions: tuple[Position, ...] = ()
    request: int | None = None

    def cost(self, inner: int = 0) -> Measure:
        """Return what measuring adds to a record: nothing to levels.

        Args:
            inner: how many regions were measured inside the record's.
        """
        levels = {one.value for one in self.positions if one.counter.kind is Kind.LEVEL}
        pairs = zip(self.overhead.values, self.nested.values, strict=True)
        return Measure(
            self.overhead.ticks + inner * self.nested.ticks,
            tuple(
                0 if index in levels else overhead + inner * nested
                for index, (overhead, nested) in enumerate(pairs)
            ),
        )

    def corrected(self, record: Record, inner: int = 0) -> Measure:
        """Return a record without the cost of measuring, never below 0; levels as they are.

        Args:
            record: one of this blob.
            inner: how many regions were measured inside it.
        """
        cost = self.cost(inner)
        return Measure(
            max(0, record.ticks - cost.ticks),
            tuple(
                max(0, value - spent)
                for value, spent in zip(record.values, cost.values, strict=True)
            ),
        )


def decode_records(
    data: bytes,
    catalog: Catalog | None = None,
    selection: Selection | None = None,
    request: int | None = None,
) -> RecordBlob:
    """Decode what `hwcnt.take` returns.

    Args:
        data: the item and its CRC-32.
        catalog: which it must belong to; None leaves that unchecked.
        selection: which it must belong to; None leaves that unchecked, and `positions` empty.
            Needs the catalog.
        request: number of the take that it must answer; None leaves that unchecked.

    Raises:
        BlobError: damaged, against the schema, or of another catalog, selection or request.
    """
    data = bytes(data)
    if len(data) > LIMIT:
        raise BlobError(f"records are {len(data)} bytes; the limit is {LIMIT}")
    if len(data) <= _CRC_BYTES:
        raise BlobError(f"records are cut short: {len(data)} bytes")
    body, crc = data[:-_CRC_BYTES], int.from_bytes(data[-_CRC_BYTES:], "big")
    if zlib.crc32(body) != crc:
        raise BlobError(
            f"records are damaged: their CRC-32 is {zlib.crc32(body):08x}, they say {crc:08x}"
        )
    root = cbor.load(body, "records", LIMIT)
    version = cbor.version(root, "records", (2, VERSION))
    fields = list(cbor.array(root, "records", _ITEMS[version]))
    answered = cbor.uint(fields.pop(1), "request", cbor.U32) if version > 2 else None
    if request is not None and answered != request:
        raise BlobError(
            f"records answer request {answered}, not {request}",
            "an earlier answer came again: reset the board, or connect again",
        )
    catalog_crc = cbor.uint(fields[1], "catalog_crc", cbor.U32)
    selection_crc = cbor.uint(fields[2], "selection_crc", cbor.U32)
    if catalog is not None and catalog.crc != catalog_crc:
        raise BlobError(
            f"records belong to another catalog: {catalog_crc:08x}, not {catalog.crc:08x}",
            "use the catalog of the board and firmware that made them",
        )
    positions: tuple[Position, ...] | None = None
    if selection is not None and catalog is not None:
        if selection.crc != selection_crc:
            raise BlobError(
                f"records belong to another selection: {selection_crc:08x}, "
                f"not {selection.crc:08x}",
                "the board was given another selection in between",
            )
        positions = selection.positions(catalog)
    overhead = _measure(fields[3], "overhead", positions)
    count = len(overhead.values)
    nested = _measure(fields[4], "nested", positions)
    if len(nested.values) != count:
        raise BlobError(f"nested has {len(nested.values)} values, overhead {count}")
    most = len(positions) if positions is not None else cbor.U16
    stuck = [cbor.uint(one, "stuck", most) for one in cbor.array(fields[5], "stuck")]
    if len(set(stuck)) != len(stuck):
        raise BlobError("stuck names a position twice")
    records = cbor.array(fields[8], "records", limit=LIMIT)
    return RecordBlob(
        catalog_crc=catalog_crc,
        selection_crc=selection_crc,
        overhead=overhead,
        nested=nested,
        stuck=frozenset(stuck),
        dropped=cbor.uint(fields[6], "dropped", cbor.U32),
        remaining=cbor.uint(fields[7], "remaining", cbor.U32),
        records=tuple(
            _record(one, f"record {index}", count, positions) for index, one in enumerate(records)
        ),
        positions=positions or (),
        request=answered,
    )


def _limits(count: int, positions: tuple[Position, ...] | None) -> list[int]:
    if positions is None:
        return [cbor.U64] * count
    return [1 << one.counter.width for one in positions if one.value is not None]


def _measure(item: Any, what: str, positions: tuple[Position, ...] | None) -> Measure:
    fields = cbor.array(item, what)
    if not fields:
        raise BlobError(f"{what} is empty")
    limits = _limits(len(fields) - 1, positions)
    if len(fields) != 1 + len(limits):
        raise BlobError(f"{what} has {len(fields) - 1} values, {len(limits)} are selected")
    return Measure(
        cbor.uint(fields[0], f"ticks of {what}"),
        tuple(
            cbor.uint(one, f"value {index} of {what}", limit)
            for index, (one, limit) in enumerate(zip(fields[1:], limits, strict=True))
        ),
    )


def _record(item: Any, what: str, count: int, positions: tuple[Position, ...] | None) -> Record:
    fields = list(cbor.array(item, what))
    opaque = fields.pop() if fields and isinstance(fields[-1], Mapping) else None
    if len(fields) != 4 + count:
        raise BlobError(f"{what} has {len(fields) - 4} values, {count} are selected")
    flags = cbor.uint(fields[2], f"flags of {what}", 0x20)
    ticks = cbor.uint(fields[3], f"ticks of {what}")
    return Record(
        tag=cbor.uint(fields[0], f"tag of {what}", cbor.U32),
        repetition=cbor.uint(fields[1], f"repetition of {what}", cbor.U16),
        origin=Origin(flags & 3),
        unfinished=bool(flags & UNFINISHED),
        cut=bool(flags & CUT),
        irq_locked=bool(flags & IRQ_LOCKED),
        wrapped=frozenset(
            one.value
            for one in positions or ()
            if one.value is not None and one.wrap_ticks is not None and ticks >= one.wrap_ticks
        ),
        ticks=ticks,
        values=tuple(
            cbor.uint(one, f"value {index} of {what}", limit)
            for index, (one, limit) in enumerate(
                zip(fields[4:], _limits(count, positions), strict=True)
            )
        ),
        opaque={} if opaque is None else _opaque(opaque, what, positions),
    )


def _opaque(
    item: Mapping[Any, Any], what: str, positions: tuple[Position, ...] | None
) -> dict[int, bytes]:
    if not item:
        raise BlobError(f"{what} has an empty map of opaque bytes")
    found: dict[int, bytes] = {}
    for key, value in item.items():
        index = cbor.uint(key, f"position of opaque bytes of {what}", cbor.U16)
        if positions is not None and (
            index >= len(positions) or positions[index].value is not None
        ):
            raise BlobError(f"{what} has bytes for position {index}, where none are selected")
        if not isinstance(value, bytes):
            raise BlobError(f"{what} has opaque bytes that are not bytes at position {index}")
        found[index] = value
    return found
