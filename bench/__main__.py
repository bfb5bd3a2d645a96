# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Measure every promised limit, print a table and save JSON.

Nothing here fails on a missed limit: absolute times differ from machine to machine. The table says
`met` or `missed`.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import platform
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import cost, crt_size, kernels, link, profile, size, zephyr_link, zephyr_size
from bench.limits import Measurement

CONSOLE = Console()
SUITES = {
    "host": (size, crt_size, cost, profile, link, kernels),
    "kernels": (kernels,),
    "zephyr": (zephyr_size, cost, zephyr_link),
}


def number(value: float | None, unit: str) -> str:
    """Return a figure with its unit, or a dash."""
    if value is None:
        return "-"
    return f"{value:,.3g} {unit}" if abs(value) < 100 else f"{value:,.0f} {unit}"


def show(measurements: list[Measurement]) -> None:
    """Print the table."""
    table = Table("what", "measured", "limit", "", title="zephyr-counters: measured limits")
    for item in measurements:
        limit = number(item.limit, item.unit)
        sign = "" if item.limit is None else ("≥ " if item.at_least else "≤ ")
        verdict = item.skipped or item.verdict
        table.add_row(item.name, number(item.value, item.unit), sign + limit, verdict)
    CONSOLE.print(table)


def main() -> None:
    """Measure one suite, print its table and save it where --output says."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__.splitlines()[0])
    parser.add_argument("suite", nargs="?", choices=SUITES, default="host", help="what to measure")
    parser.add_argument("--output", type=Path, help="save the figures as JSON")
    arguments = parser.parse_args()
    measurements: list[Measurement] = []
    with tempfile.TemporaryDirectory() as folder, CONSOLE.status("") as status:
        for step in SUITES[arguments.suite]:
            status.update(str(step.__doc__).splitlines()[0])
            measurements += step.measure(Path(folder))
    show(measurements)
    if arguments.output:
        arguments.output.parent.mkdir(parents=True, exist_ok=True)
        document = {
            "format": 1,
            "machine": platform.platform(),
            "measurements": [
                dataclasses.asdict(item) | {"verdict": item.verdict} for item in measurements
            ],
        }
        arguments.output.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
        CONSOLE.print(f"saved {arguments.output}")


main()
