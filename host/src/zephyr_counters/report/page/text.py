# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Numbers as text, for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import takewhile

_TIMES = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns"))
_COUNTS = ((1e9, "G"), (1e6, "M"), (1e3, "k"))


def time(seconds: float) -> str:
    """Return a duration with three digits: `93.4 µs`."""
    scale, unit = next((one for one in _TIMES if float(f"{seconds:.3g}") >= one[0]), _TIMES[-1])
    return f"{digits(seconds / scale)} {unit}"


def count(value: float) -> str:
    """Return a number with three digits and a prefix: `147 k`; small whole numbers as they are."""
    if value < 10_000 and float(value).is_integer():
        return f"{value:,.0f}"
    for scale, prefix in _COUNTS:
        if value >= scale:
            return f"{digits(value / scale)} {prefix}"
    return digits(value)


def number(value: float) -> str:
    """Return a counter's value in full: `3,081,340`; three digits after the point at most."""
    return f"{value:,.3f}".rstrip("0").rstrip(".")


def percent(share: float) -> str:
    """Return a share of 1 in percent: `4.3%`."""
    value = 100 * share
    if 0 < value < 0.1:
        return "<0.1%"
    return f"{value:.1f}%" if value < 99.95 else "100%"


def digits(value: float) -> str:
    """Return a number with three digits."""
    size = abs(float(f"{value:.3g}"))  # 99.97 has no digit after the point: 100
    places = 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 0.01 or size == 0 else 4
    return f"{value:,.{places}f}"


def brief(names: Sequence[str]) -> dict[str, str]:
    """Return the names without the folders that most of them begin with."""
    roots = Counter(one.partition("/")[0] for one in names if "/" in one)
    root, count = roots.most_common(1)[0] if roots else ("", 0)
    if count < 2 or 2 * count <= len(names):
        return {one: one for one in names}
    inside = [one.split("/")[:-1] for one in names if one.startswith(f"{root}/")]
    same = takewhile(lambda level: len({*level}) == 1, zip(*inside, strict=False))
    prefix = "".join(f"{level[0]}/" for level in same)
    found = {one: one.removeprefix(prefix) or one for one in names}
    return found if len({*found.values()}) == len(found) else {one: one for one in names}


def fitting(text: str, width: float, each: float = 7.0) -> str:
    """Return a text cut to a width, given the width of a letter; "" if three letters do not fit."""
    letters = int(width / each)
    if len(text) <= letters:
        return text
    return f"{text[: letters - 1]}…" if letters >= 4 else ""
