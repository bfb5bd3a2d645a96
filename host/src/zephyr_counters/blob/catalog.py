# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The catalog: which counters a board has."""

from __future__ import annotations

import enum
import zlib
from dataclasses import dataclass
from typing import Any

import cbor2

from zephyr_counters.blob import cbor
from zephyr_counters.errors import BlobError

VERSION = 1
LIMIT = 1 << 20
"""Most bytes of a catalog."""

FIXED = 0x01
RUNNING = 0x02


class Kind(enum.IntEnum):
    """What a counter's value means."""

    COUNT = 0
    """Counts up and wraps; a record holds the difference over the region."""
    LEVEL = 1
    """A level; a record holds the one at the region's end."""
    BYTES = 2
    """Opaque bytes collected in the region."""


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
    """

    name: str
    unit: str
    width: int
    kind: Kind
    fixed: bool = False
    running: bool = False
    max_per_cycle: int = 0
    description: str = ""


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
    """

    name: str
    compatible: str
    slots: int
    clock_hz: int
    unavailable: str | None
    counters: tuple[Counter, ...]


@dataclass(frozen=True)
class Catalog:
    """All counters of a board.

    Attributes:
        board: Zephyr's board target, or `posix`.
        runtime: `tvm-ffi` or `crt`.
        clock_hz: of the clock that ticks are counted in.
        record_bytes: capacity of the device's record buffer.
    """

    board: str
    runtime: str
    clock_hz: int
    record_bytes: int
    providers: tuple[Provider, ...]

    @property
    def crc(self) -> int:
        """CRC-32 of the catalog's bytes, by which records name it."""
        return zlib.crc32(encode_catalog(self))

    def counter(self, provider: int, counter: int) -> Counter:
        """Return a counter by indices that are known to be good."""
        return self.providers[provider].counters[counter]


def decode_catalog(data: bytes) -> Catalog:
    """Decode what `hwcnt.catalog` returns.

    Raises:
        BlobError: damaged, of another version, or against the schema.
    """
    root = cbor.load(bytes(data), "catalog", LIMIT)
    if isinstance(root, list) and root:
        cbor.version(root[0], "catalog", VERSION)
    fields = cbor.array(root, "catalog", 6)
    clock_hz = cbor.uint(fields[3], "catalog's clock_hz")
    if clock_hz == 0:
        raise BlobError("catalog's clock_hz is 0")
    providers = tuple(
        _provider(one, f"provider {index}")
        for index, one in enumerate(cbor.array(fields[5], "catalog's providers", limit=1024))
    )
    _unique([provider.name for provider in providers], "providers")
    return Catalog(
        board=cbor.name(fields[1], "catalog's board"),
        runtime=cbor.name(fields[2], "catalog's runtime"),
        clock_hz=clock_hz,
        record_bytes=cbor.uint(fields[4], "catalog's record_bytes"),
        providers=providers,
    )


def encode_catalog(catalog: Catalog) -> bytes:
    """Encode a catalog to the bytes it was decoded from; there is only one encoding."""
    return cbor2.dumps(
        [
            VERSION,
            catalog.board,
            catalog.runtime,
            catalog.clock_hz,
            catalog.record_bytes,
            [
                [
                    provider.name,
                    provider.compatible,
                    provider.slots,
                    provider.clock_hz,
                    provider.unavailable,
                    [
                        [
                            counter.name,
                            counter.unit,
                            counter.width,
                            int(counter.kind),
                            FIXED * counter.fixed | RUNNING * counter.running,
                            counter.max_per_cycle,
                            counter.description,
                        ]
                        for counter in provider.counters
                    ],
                ]
                for provider in catalog.providers
            ],
        ]
    )


def _provider(item: Any, what: str) -> Provider:
    fields = cbor.array(item, what, 6)
    name = cbor.name(fields[0], f"name of {what}")
    if ":" in name:
        raise BlobError(f"name of {what}, {name!r}, has a colon")
    what = f"provider {name}"
    counters = tuple(
        _counter(one, f"counter {index} of {what}")
        for index, one in enumerate(cbor.array(fields[5], f"counters of {what}", limit=4096))
    )
    _unique([counter.name for counter in counters], f"counters of {what}")
    return Provider(
        name=name,
        compatible=cbor.text(fields[1], f"compatible of {what}"),
        slots=cbor.uint(fields[2], f"slots of {what}", cbor.U16),
        clock_hz=cbor.uint(fields[3], f"clock_hz of {what}"),
        unavailable=None if fields[4] is None else cbor.text(fields[4], f"unavailable of {what}"),
        counters=counters,
    )


def _counter(item: Any, what: str) -> Counter:
    fields = cbor.array(item, what, 7)
    kind = Kind(cbor.uint(fields[3], f"kind of {what}", len(Kind)))
    width = cbor.uint(fields[2], f"width of {what}", 65)
    if (width == 0) != (kind is Kind.BYTES):
        raise BlobError(f"{what} has a width of {width} bits and is of kind {kind.name.lower()}")
    flags = cbor.uint(fields[4], f"flags of {what}", 4)
    return Counter(
        name=cbor.name(fields[0], f"name of {what}"),
        unit=cbor.text(fields[1], f"unit of {what}"),
        width=width,
        kind=kind,
        fixed=bool(flags & FIXED),
        running=bool(flags & RUNNING),
        max_per_cycle=cbor.uint(fields[5], f"max_per_cycle of {what}"),
        description=cbor.text(fields[6], f"description of {what}"),
    )


def _unique(names: list[str], what: str) -> None:
    if len(set(names)) != len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise BlobError(f"two {what} are named {twice}")
