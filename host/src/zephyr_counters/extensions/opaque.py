# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Decoders of the opaque bytes that providers attach to records.

They come from extensions' folders (`decoder.py`, see `loader`) and from the entry points of group
`zephyr_counters.decoders`: objects or modules with `compatible` and `counter`, which say whose
bytes they decode, and `decode`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from importlib import metadata
from typing import Any, Protocol, cast

from zephyr_counters.errors import BlobError

GROUP = "zephyr_counters.decoders"

Decode = Callable[[bytes], Any]


class OpaqueDecoder(Protocol):
    """Decodes the bytes of one counter of one kind of provider."""

    compatible: str
    counter: str

    def decode(self, data: bytes, /) -> Any:
        """Return plain data (numbers, texts, lists, dictionaries) for `data`."""


def find_decoder(compatible: str, counter: str) -> Decode | None:
    """Return the decoder of a counter's bytes, or None if there is none.

    Raises:
        UsageError: an extension's folder is damaged.
    """
    load = _all().get((compatible, counter))
    return None if load is None else load()


def decode_opaque(compatible: str, counter: str, data: bytes) -> Any | None:
    """Decode bytes that a record holds; None if there is no decoder for them.

    Raises:
        BlobError: the decoder does not accept them.
        UsageError: an extension's folder is damaged.
    """
    decode = find_decoder(compatible, counter)
    if decode is None:
        return None
    try:
        return decode(data)
    except Exception as error:
        # A decoder is third-party code: any exception means that it does not accept the bytes.
        raise BlobError(f"bytes of {compatible} {counter} cannot be decoded: {error}") from error


@functools.lru_cache(maxsize=1)
def _all() -> dict[tuple[str, str], Callable[[], Decode]]:
    # Imported late, so that reading numbers does not depend on the extensions installed.
    from zephyr_counters.extensions.loader import decoders

    found: dict[tuple[str, str], Callable[[], Decode]] = {
        (one.compatible, one.counter): one.load for one in decoders()
    }
    for point in metadata.entry_points(group=GROUP):
        decoder = cast(OpaqueDecoder, point.load())
        found[decoder.compatible, decoder.counter] = functools.partial(_decode_of, decoder)
    return found


def _decode_of(decoder: OpaqueDecoder) -> Decode:
    return decoder.decode
