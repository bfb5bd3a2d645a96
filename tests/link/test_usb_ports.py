# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Which port is the board's, among those that pyserial would list (all made up)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from serial.tools import list_ports
from serial.tools.list_ports_common import ListPortInfo
from zephyr_counters.errors import ProjectError, UsageError
from zephyr_counters.formats.board import Board
from zephyr_counters.formats.options import Value
from zephyr_counters.link.transports import serial_port

JLINK, STLINK = (0x1366, 0x1055), (0x0483, 0x374B)


def port(name: str, ids: tuple[int, int], serial: str | None, place: str = "1-1") -> ListPortInfo:
    """A port as on Linux."""
    info = ListPortInfo(f"/dev/{name}", skip_link_detection=True)
    (info.vid, info.pid), info.serial_number = ids, serial
    info.location = f"{place}:1.0"
    info.apply_usb_info()
    return info


def find(monkeypatch: pytest.MonkeyPatch, plugged: list[Any], **values: Value) -> str:
    """What is found for a board with a J-Link; `vcom` is the board's."""
    vcom = values.pop("vcom", None)
    console: dict[str, Any] = {"kind": "serial", "usb": ["1366:10"], "baudrate": 115200}
    if vcom is not None:
        console["vcom"] = vcom
    monkeypatch.setattr(list_ports, "comports", lambda: plugged)
    board = Board(Path(), {"name": "nrf", "console": console})
    return str(serial_port.locate(board, values, lambda: "")["path"])


def test_none(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = ListPortInfo("/dev/ttyS0", skip_link_detection=True)
    for plugged in ([], [nothing]):
        with pytest.raises(ProjectError, match="no serial port of a 'nrf' found") as error:
            find(monkeypatch, plugged)
        assert error.value.hint is not None and "plugged in: none" in error.value.hint


def test_one_among_others(monkeypatch: pytest.MonkeyPatch) -> None:
    other = port("ttyACM0", STLINK, "066DFF", "1-2")
    assert find(monkeypatch, [other, port("ttyACM1", JLINK, "000683")]) == "/dev/ttyACM1"
    with pytest.raises(ProjectError, match="no serial port") as error:
        find(monkeypatch, [other])
    assert error.value.hint is not None and "066DFF" in error.value.hint


def test_two_boards(monkeypatch: pytest.MonkeyPatch) -> None:
    plugged = [
        port("ttyACM1", JLINK, "001050007848", "1-2"),
        port("ttyACM0", JLINK, "000683000001", "1-1"),
    ]
    with pytest.raises(UsageError, match="2 boards could be it: ") as error:
        find(monkeypatch, plugged)
    assert "001050007848 (/dev/ttyACM1)" in error.value.what
    assert "option serial_number" in str(error.value.hint)
    # As nrfutil writes it, and as USB does.
    for number in ("1050007848", "001050007848"):
        assert find(monkeypatch, plugged, serial_number=number) == "/dev/ttyACM1"
    with pytest.raises(ProjectError, match="with serial number 105000784"):
        find(monkeypatch, plugged, serial_number="105000784")


def test_serial_number_of_a_foreign_adapter(monkeypatch: pytest.MonkeyPatch) -> None:
    plugged = [port("ttyUSB0", (0x0403, 0x6001), "FTABC", "1-3"), port("ttyACM0", JLINK, "1")]
    assert find(monkeypatch, plugged, serial_number="ftabc") == "/dev/ttyUSB0"


@pytest.mark.parametrize(("vcom", "found"), [(0, 2), (1, 3), (2, 10), (5, 10)])
def test_several_ports_of_one_debugger(
    monkeypatch: pytest.MonkeyPatch, vcom: int, found: int
) -> None:
    plugged = [port(f"ttyACM{n}", JLINK, "683") for n in (10, 3, 2)]
    assert find(monkeypatch, plugged, vcom=vcom) == f"/dev/ttyACM{found}"
    with pytest.raises(UsageError, match="3 serial ports: /dev/ttyACM2, /dev/ttyACM3, "):
        find(monkeypatch, plugged)
    assert find(monkeypatch, plugged, port="/dev/x") == "/dev/x"


def test_board_without_usb_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(list_ports, "comports", lambda: [port("ttyACM0", JLINK, "1")])
    board = Board(Path(), {"name": "fpga", "console": {"kind": "serial", "usb": [], "baudrate": 1}})
    with pytest.raises(UsageError, match="no USB ids"):
        serial_port.locate(board, {}, lambda: "")
    found = serial_port.locate(board, {"serial_number": "1"}, lambda: "")
    assert found == {"path": "/dev/ttyACM0", "baudrate": 1}
