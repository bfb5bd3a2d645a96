# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Decoders of the opaque bytes that accelerators attach to records.

A decoder is an object or module with `compatible` and `counter` (which bytes it decodes) and
`decode(bytes) -> object`. They come from the accelerators' folders and from the entry points of
group `zephyr_counters.decoders`.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from importlib import metadata
from typing import Any, Protocol, cast

from ..errors import BlobError

GROUP = "zephyr_counters.decoders"


class OpaqueDecoder(Protocol):
    """Decodes the bytes of one counter of one kind of provider."""

    compatible: str
    counter: str

    def decode(self, data: bytes, /) -> Any:
        """Return plain data (numbers, texts, lists, dictionaries) for `data`."""


def find_decoder(compatible: str, counter: str) -> OpaqueDecoder | None:
    """Return the decoder of a counter's bytes, or None if nobody brought one."""
    return _all().get((compatible, counter))


def decode_opaque(compatible: str, counter: str, data: bytes) -> Any | None:
    """Decode bytes that a record holds; None if there is no decoder for them.

    Raises:
        BlobError: the decoder does not accept them.
    """
    decoder = find_decoder(compatible, counter)
    if decoder is None:
        return None
    try:
        return decoder.decode(data)
    except Exception as error:
        # A decoder is somebody else's code: whatever it raises means these bytes.
        raise BlobError(f"bytes of {compatible} {counter} cannot be decoded: {error}") from error


@functools.lru_cache(maxsize=1)
def _all() -> dict[tuple[str, str], OpaqueDecoder]:
    found: dict[tuple[str, str], OpaqueDecoder] = {}
    for decoder in (*_of_accelerators(), *_of_entry_points()):
        found[decoder.compatible, decoder.counter] = decoder
    return found


def _of_entry_points() -> Iterable[OpaqueDecoder]:
    for point in metadata.entry_points(group=GROUP):
        yield cast(OpaqueDecoder, point.load())


def _of_accelerators() -> Iterable[OpaqueDecoder]:
    # Imported late: decoding a blob must not need what finds accelerators to work at import.
    from .. import accelerators

    yield from cast(Iterable[OpaqueDecoder], accelerators.decoders())
