# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Catalogs from their bytes, of every version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from zephyr_counters.blob import cbor
from zephyr_counters.blob.catalog import (
    EXPENSIVE,
    FIXED,
    RUNNING,
    SIMULATED,
    VERSION,
    Catalog,
    ClockKind,
    Counter,
    Kind,
    Limits,
    Provider,
)
from zephyr_counters.errors import BlobError

LIMIT = 1 << 20
"""Most bytes of a catalog."""

_COUNTER_FLAGS = {1: FIXED | RUNNING, 2: FIXED | RUNNING | EXPENSIVE}
_ITEMS = {1: 6, 2: 15}
_PROVIDER_ITEMS = {1: 6, 2: 8}


def decode_catalog(data: bytes) -> Catalog:
    """Decode what `hwcnt.catalog` returns.

    Raises:
        BlobError: damaged, of another version, or against the schema.
    """
    root = cbor.load(bytes(data), "catalog", LIMIT)
    version = cbor.version(root, "catalog", (1, VERSION))
    fields = cbor.array(root, "catalog", _ITEMS[version])
    clock_hz = cbor.uint(fields[3], "catalog's clock_hz")
    if clock_hz == 0:
        raise BlobError("catalog's clock_hz is 0")
    providers = tuple(
        _provider(one, f"provider {index}", version)
        for index, one in enumerate(cbor.array(fields[-1], "catalog's providers", limit=1024))
    )
    _unique([provider.name for provider in providers], "providers")
    catalog = Catalog(
        board=cbor.name(fields[1], "catalog's board"),
        runtime=cbor.name(fields[2], "catalog's runtime"),
        clock_hz=clock_hz,
        record_bytes=cbor.uint(fields[-2 if version == 1 else 6], "catalog's record_bytes"),
        providers=providers,
    )
    if version == 1:
        return catalog
    return replace(
        catalog,
        clock_kind=_clock_kind(fields[4], "kind of catalog's clock"),
        clock_name=cbor.name(fields[5], "name of catalog's clock"),
        limits=_limits(fields[7:-1]),
    )


def _clock_kind(item: Any, what: str) -> ClockKind:
    return ClockKind(cbor.uint(item, what, len(ClockKind)))


def _limits(items: Sequence[Any]) -> Limits:
    numbers = [cbor.uint(one, "catalog's limits", cbor.U32) for one in items]
    if numbers[0] == 0:
        raise BlobError("catalog's limits have records of 0 bytes")
    return Limits(*numbers)


def _provider(item: Any, what: str, version: int) -> Provider:
    fields = cbor.array(item, what, _PROVIDER_ITEMS[version])
    name = cbor.name(fields[0], f"name of {what}")
    if ":" in name:
        raise BlobError(f"name of {what}, {name!r}, has a colon")
    what = f"provider {name}"
    counters = tuple(
        _counter(one, f"counter {index} of {what}", version)
        for index, one in enumerate(cbor.array(fields[-1], f"counters of {what}", limit=4096))
    )
    _unique([counter.name for counter in counters], f"counters of {what}")
    clock, simulated = _provider_clock(fields, what) if version > 1 else (ClockKind.NONE, False)
    return Provider(
        name=name,
        compatible=cbor.text(fields[1], f"compatible of {what}"),
        slots=cbor.uint(fields[2], f"slots of {what}", cbor.U16),
        clock_hz=cbor.uint(fields[3], f"clock_hz of {what}"),
        unavailable=None if fields[4] is None else cbor.text(fields[4], f"unavailable of {what}"),
        counters=counters,
        clock=clock,
        simulated=simulated,
    )


def _provider_clock(fields: Sequence[Any], what: str) -> tuple[ClockKind, bool]:
    flags = cbor.uint(fields[6], f"flags of {what}", SIMULATED + 1)
    return _clock_kind(fields[5], f"clock of {what}"), bool(flags & SIMULATED)


def _counter(item: Any, what: str, version: int) -> Counter:
    fields = cbor.array(item, what, 7)
    kind = Kind(cbor.uint(fields[3], f"kind of {what}", len(Kind)))
    width = cbor.uint(fields[2], f"width of {what}", 65)
    if (width == 0) != (kind is Kind.BYTES):
        raise BlobError(f"{what} has a width of {width} bits and is of kind {kind.name.lower()}")
    flags = cbor.uint(fields[4], f"flags of {what}", _COUNTER_FLAGS[version] + 1)
    return Counter(
        name=cbor.name(fields[0], f"name of {what}"),
        unit=cbor.text(fields[1], f"unit of {what}"),
        width=width,
        kind=kind,
        fixed=bool(flags & FIXED),
        running=bool(flags & RUNNING),
        max_per_cycle=cbor.uint(fields[5], f"max_per_cycle of {what}"),
        description=cbor.text(fields[6], f"description of {what}"),
        expensive=bool(flags & EXPENSIVE),
    )


def _unique(names: list[str], what: str) -> None:
    if len(set(names)) != len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise BlobError(f"two {what} are named {twice}")
