# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Strict reading of one CBOR item: every check that the decoders share, each with a path."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cbor2

from zephyr_counters.errors import BlobError

U16 = 1 << 16
U32 = 1 << 32
U64 = 1 << 64
LARGEST = 1 << 24
"""More items than any array that is accepted here has."""
TEXT_LIMIT = 1024
"""Longest text in UTF-8 bytes; a device's descriptions are one line."""


def load(data: bytes, what: str, limit: int) -> Any:
    """Decode one CBOR item that fills `data` and is encoded as short as it can be.

    Args:
        data: the bytes.
        what: names them in errors: `catalog`.
        limit: most bytes accepted.

    Raises:
        BlobError: too long, not CBOR, something after it, or not in its shortest encoding.
    """
    if len(data) > limit:
        raise BlobError(f"{what} is {len(data)} bytes; the limit is {limit}")
    if not data:
        raise BlobError(f"{what} is empty")
    try:
        item = cbor2.loads(data)
        again = cbor2.dumps(item)
    except Exception as error:
        # cbor2 lets what its decoders of tags and its encoder call raise anything.
        raise BlobError(f"{what} is not CBOR: {error}") from error
    if again != data:
        # Catches at once indefinite lengths, long integers, duplicate keys and trailing bytes.
        raise BlobError(f"{what} is not one CBOR item in its shortest encoding")
    return item


def array(item: Any, what: str, length: int | None = None, limit: int = U16) -> Sequence[Any]:
    """Return `item` if it is an array of `length` items, or of `limit` at most."""
    if not isinstance(item, (list, tuple)):
        raise BlobError(f"{what} is not an array")
    if length is not None and len(item) != length:
        raise BlobError(f"{what} has {len(item)} items, not {length}")
    if len(item) > limit:
        raise BlobError(f"{what} has {len(item)} items, more than {limit}")
    return item


def uint(item: Any, what: str, below: int = U64) -> int:
    """Return `item` if it is an integer from 0 to `below` - 1."""
    if not isinstance(item, int) or isinstance(item, bool):
        raise BlobError(f"{what} is not an integer")
    if not 0 <= item < below:
        raise BlobError(f"{what} is {item}, not from 0 to {below - 1}")
    return item


def text(item: Any, what: str) -> str:
    """Return `item` if it is text of one line, without control characters."""
    if not isinstance(item, str):
        raise BlobError(f"{what} is not text")
    if len(item.encode()) > TEXT_LIMIT:
        raise BlobError(f"{what} is longer than {TEXT_LIMIT} bytes")
    if not item.isprintable():
        raise BlobError(f"{what} holds characters that cannot be printed")
    return item


def name(item: Any, what: str) -> str:
    """Return `item` if it is text that can name something: not empty."""
    if not text(item, what):
        raise BlobError(f"{what} is empty")
    return str(item)


def version(root: Any, what: str, known: Sequence[int]) -> int:
    """Return the version that leads an item.

    Raises:
        BlobError: the item is no array, or its version is not among `known`.
    """
    fields = array(root, what, limit=LARGEST)
    if not fields:
        raise BlobError(f"{what} is empty")
    found = uint(fields[0], f"version of {what}")
    if found not in known:
        raise BlobError(
            f"{what} has version {found}, this program knows {' and '.join(map(str, known))}",
            "use the zephyr-counters that the firmware was built with",
        )
    return found
