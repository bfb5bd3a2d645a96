# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""ST's report: `network_validate_report.txt` of `stedgeai validate --mode target`.

Its table "Inference time per node" has means in milliseconds with three digits (`ai_runner` of ST's
package, `print_profiling`).
"""

from __future__ import annotations

import re

from zephyr_counters.errors import BlobError
from zephyr_counters.report.importers.importer import MOST_ROWS, Region, Source, made, unique
from zephyr_counters.report.report import Report

_TABLE = "Inference time per node"
_ROW = re.compile(
    r"\s*(?P<node>\d{1,6})\s+(?P<layer>-?\d{1,6}|n/a|\[[^\]]{0,200}\])\s+(?P<type>\S.{0,200}?)\s+"
    r"(?P<ms>\d{1,9}\.\d{3})\s+\d{1,4}\.\d%\s+\d{1,4}\.\d%\s*(?:\[(?P<counts>[\d, ]{1,400})\])?"
    r"\s*(?P<name>.{0,300}?)\s*"
)
_FIELD = re.compile(r"\s*(?P<key>[\w./ ()*-]{1,40}?)\s*:\s+(?P<value>\S.{0,300}?)\s*")
_DURATION = re.compile(r"(\d{1,9}\.\d{3}) ms by sample")
_HZ = 1_000_000
_MOST_LINE = 2_000


class St:
    """Reads the table of nodes, and what is above it about model and target."""

    name = "ST's network_validate_report.txt"

    def detects(self, data: bytes) -> bool:
        """Return whether there is a table of nodes."""
        return _TABLE.encode() in data

    def read(self, data: bytes, tick_hz: int | None) -> Report:
        """Return the report; ticks are microseconds, the last digit of the table.

        Raises:
            BlobError: there is no node.
        """
        lines = [one[:_MOST_LINE] for one in data.decode("utf-8", "replace").splitlines()]
        start = next(index for index, line in enumerate(lines) if _TABLE in line)
        about = {
            match["key"]: match["value"]
            for line in lines[max(0, start - MOST_ROWS) : start]
            if (match := _FIELD.fullmatch(line))
        }
        rows = [
            match
            for line in lines[start : start + 2 * MOST_ROWS]
            if (match := _ROW.fullmatch(line))
        ]
        if not rows:
            raise BlobError("ST's report has no node with a duration")
        names = unique([one["name"] or f"node {one['node']}" for one in rows])
        regions = [
            Region(name, [_ticks(one["ms"])], one["type"], counters=_counters(one["counts"]))
            for name, one in zip(names, rows, strict=True)
        ]
        found = _DURATION.match(about.get("duration", ""))
        samples = about.get("nb sample(s)") or about.get("nb samples") or "some"
        source = Source(
            profiler=next((line.strip() for line in lines if line.startswith("ST Edge AI")), "ST"),
            hz=_HZ,
            board=about.get("target/series", "unknown board"),
            model=about.get("model_name", ""),
            created=about.get("Created date", ""),
            notes=(
                f"imported from ST's report: values are means of {samples} samples, rounded to "
                "1 µs; how much they vary is not in the file",
            ),
        )
        return made(source, regions, [_ticks(found[1])] if found else [])


def _ticks(milliseconds: str) -> int:
    return int(milliseconds.replace(".", ""))


def _counters(text: str | None) -> dict[str, list[int]]:
    """Return the counts in the brackets: the core's cycles, or those of core, NPU and core."""
    counts = [int(one.replace(",", "")) for one in (text or "").split()]
    if len(counts) == 1:
        return {"cycles": [counts[0]]}
    return {f"cycles-{index}": [one] for index, one in enumerate(counts)}


IMPORTER = St()
