# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Find the serial port of a board among those that are plugged in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zephyr_counters.errors import ProjectError, UsageError
from zephyr_counters.formats.board import Board
from zephyr_counters.formats.options import Value


def find(board: Board, values: Mapping[str, Value]) -> str:
    """Return the path of the board's port, by the option `serial_number` or the board's USB ids.

    Raises:
        ProjectError: no such port is plugged in.
        UsageError: several ports match.
    """
    number = values.get("serial_number")
    usb = [ids.lower() for ids in board.console["usb"]]
    if number is None and not usb:
        raise UsageError(f"board {board.name!r} has no USB ids to find it by", "give option port")
    plugged = _by_serial_number()
    if number is not None:
        found = {one: ports for one, ports in plugged.items() if _same(one, str(number))}
    else:
        found = {one: ports for one, ports in plugged.items() if _is_one(ports[0], usb)}
    if not found:
        there = ", ".join(one for one in plugged if one)
        raise ProjectError(
            f"no serial port of a {board.name!r} found"
            + (f" with serial number {number}" if number is not None else ""),
            f"give option port; serial numbers that are plugged in: {there or 'none'}",
        )
    if len(found) > 1:
        listed = ", ".join(f"{one} ({ports[0].device})" for one, ports in sorted(found.items()))
        raise UsageError(
            f"{len(found)} boards could be it: {listed}", "choose one with option serial_number"
        )
    (ports,) = found.values()
    return _of_one_board([str(port.device) for port in ports], board.console.get("vcom"))


def _of_one_board(paths: list[str], vcom: int | None) -> str:
    """Return the port that is wired to the UART, as a debugger may have several."""
    if len(paths) == 1:
        return paths[0]
    if vcom is None:
        raise UsageError(
            f"the board has {len(paths)} serial ports: {', '.join(paths)}",
            "choose one with option port",
        )
    return paths[min(vcom, len(paths) - 1)]


def _by_serial_number() -> dict[str, list[Any]]:
    """USB ports, in the order of their interfaces."""
    try:
        from serial.tools import list_ports
    except ImportError:
        raise ProjectError(
            "pyserial, which finds the board's port, is not installed",
            "pip install pyserial, or give the option port",
        ) from None
    found: dict[str, list[Any]] = {}
    for port in sorted(list_ports.comports(), key=lambda port: (port.location or "", port)):
        if port.vid is not None:
            found.setdefault(port.serial_number or "", []).append(port)
    return found


def _same(one: str, other: str) -> bool:
    """J-Link's numbers are written with leading zeros, and without."""
    return bool(one) and one.lstrip("0").lower() == other.lstrip("0").lower()


def _is_one(port: Any, usb: list[str]) -> bool:
    return f"{port.vid:04x}:{port.pid:04x}".startswith(tuple(usb))
