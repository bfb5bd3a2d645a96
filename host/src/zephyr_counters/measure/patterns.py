# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Choose counters of a catalog by `provider:counter` globs."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from zephyr_counters.blob.catalog import Catalog, Provider
from zephyr_counters.errors import UsageError

_GLOB = frozenset("*?[")


@dataclass(frozen=True)
class Choice:
    """The chosen counters.

    Attributes:
        counters: (provider index, counter index), each once, in the order of the patterns.
        notes: what was left out and why, one line each.
    """

    counters: tuple[tuple[int, int], ...]
    notes: tuple[str, ...] = ()


def choose(catalog: Catalog, patterns: Sequence[str], wanted: Iterable[str] = ()) -> Choice:
    """Return the counters that match patterns.

    Args:
        catalog: the board's.
        patterns: `provider:counter` or `counter`, each part a glob; without a provider, of any
            provider. An empty list chooses no counter; times are always measured. A glob for
            the counter's name leaves out counters that are expensive to read.
        wanted: more patterns, which need not match anything.

    Raises:
        UsageError: a pattern matches nothing (lists similar names), or names a provider
            that is unavailable (says why), or no counter is left.
    """
    if isinstance(patterns, str):
        raise UsageError(f"counters must be a list of patterns, not the string {patterns!r}")
    chosen: dict[tuple[int, int], None] = {}
    skipped: dict[str, None] = {}
    for pattern in patterns:
        found = _matches(catalog, pattern)
        if not found:
            raise UsageError(f"no counter matches {pattern!r}", _hint(catalog, pattern))
        _take(catalog, pattern, found, chosen, skipped)
    for pattern in wanted:
        for place in _matches(catalog, pattern):
            usable = catalog.providers[place[0]].unavailable is None
            if usable and not catalog.counter(*place).expensive:
                chosen.setdefault(place)
    if patterns and not chosen:
        raise UsageError(f"no counter to measure: {'; '.join(skipped)}", _hint(catalog, ""))
    return Choice(tuple(chosen), tuple(skipped))


def _take(
    catalog: Catalog,
    pattern: str,
    found: list[tuple[int, int]],
    chosen: dict[tuple[int, int], None],
    skipped: dict[str, None],
) -> None:
    provider_named = ":" in pattern and not _GLOB & set(pattern.partition(":")[0])
    counter_named = not _GLOB & set(pattern.rpartition(":")[2])
    for place in found:
        provider = catalog.providers[place[0]]
        if catalog.counter(*place).expensive and not counter_named:
            if provider.unavailable is None and place not in chosen:
                name = f"{provider.name}:{catalog.counter(*place).name}"
                skipped.setdefault(f"{name} is expensive to read: ask for it by its name")
        elif provider.unavailable is None:
            chosen.setdefault(place)
        elif provider_named:
            raise UsageError(
                f"{pattern}: {provider.name} is unavailable: {provider.unavailable}",
                "zephyr-counters events PROJECT lists what is available",
            )
        else:
            skipped.setdefault(f"{provider.name} is unavailable: {provider.unavailable}")


def _matches(catalog: Catalog, pattern: str) -> list[tuple[int, int]]:
    provider_glob, colon, counter_glob = pattern.partition(":")
    if not colon:
        provider_glob, counter_glob = "*", pattern
    return [
        (provider_index, counter_index)
        for provider_index, provider in enumerate(catalog.providers)
        if fnmatchcase(provider.name, provider_glob)
        for counter_index, counter in enumerate(provider.counters)
        if fnmatchcase(counter.name, counter_glob)
    ]


def _names(provider: Provider) -> list[str]:
    return [f"{provider.name}:{counter.name}" for counter in provider.counters]


def _hint(catalog: Catalog, pattern: str) -> str:
    full = [name for provider in catalog.providers for name in _names(provider)]
    short = {name.partition(":")[2]: name for name in reversed(full)}
    close = difflib.get_close_matches(pattern, full, 3) or [
        short[name] for name in difflib.get_close_matches(pattern.rpartition(":")[2], short, 3)
    ]
    provider_glob, colon, _ = pattern.partition(":")
    names = [provider.name for provider in catalog.providers]
    if colon and not close:
        known = [provider_glob] if provider_glob in names else names
        close = [f"{one}:*" for one in difflib.get_close_matches(provider_glob, known, 3, 0.4)]
    if close:
        return f"did you mean {', '.join(close)}?"
    listed = ", ".join(names) or "none"
    return f"providers of this board: {listed}; zephyr-counters events PROJECT lists counters"
