# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What a generated project takes along needs the standard library only, serial ports included."""

from __future__ import annotations

import ast
import os
import pty
import sys
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest
import zephyr_counters
from zephyr_counters.errors import LinkError
from zephyr_counters.link.transports.serial_port import SerialPort
from zephyr_counters.link.transports.transport import BoardGone
from zephyr_counters.project_api.generate import _PACKAGE_PARTS

PACKAGE = Path(zephyr_counters.__file__).parent
OPTIONAL = {"serial"}
"""Imported where it is used, with a way to do without."""


def parts() -> list[Path]:
    """The files that a project takes along."""
    found = [PACKAGE / name for name in _PACKAGE_PARTS]
    return [file for part in found for file in ([part] if part.is_file() else part.rglob("*.py"))]


def imported(file: Path) -> Iterator[str]:
    """The modules that a file imports, wherever it does."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module is not None and node.level == 0
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def test_imports() -> None:
    files = parts()
    assert len(files) > 40
    for file in files:
        for name in imported(file):
            top = name.split(".")[0]
            if top != "zephyr_counters":
                assert top in sys.stdlib_module_names | OPTIONAL, (file, name)
                continue
            path = PACKAGE.joinpath(*name.split(".")[1:])
            for target in (path.with_suffix(".py"), path / "__init__.py"):
                # What is no module is a name in one, whose file is checked by itself.
                assert not target.is_file() or target in files, (file, name)


@pytest.fixture
def without_pyserial(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where it is not installed."""
    monkeypatch.setitem(sys.modules, "serial", None)


def test_serial_port_without_pyserial(without_pyserial: None, tmp_path: Path) -> None:
    master, slave = pty.openpty()
    tty.setraw(slave)
    path = os.ttyname(slave)
    os.close(slave)
    with SerialPort(path, 9600) as port:
        os.write(master, b"\xff\x00\r\n\x03")
        assert port.read(100, 1) == b"\xff\x00\r\n\x03"
        port.write(b"\x04\x7f\x00\xff", 1)
        assert os.read(master, 100) == b"\x04\x7f\x00\xff"
        with pytest.raises(LinkError, match="in use by process"):
            SerialPort(path)
        os.close(master)
        with pytest.raises(BoardGone):
            port.read(1, 1)
    before = len(list(Path("/proc/self/fd").iterdir()))
    (tmp_path / "plain").touch()
    for name, baud, text in (
        ("/dev/no-such-port", 9600, "no such port"),
        (str(tmp_path / "plain"), 9600, "cannot be opened at 9600 baud"),
        ("/dev/null", 12345, "12345 baud: not a speed of this system"),
    ):
        with pytest.raises(LinkError, match=text):
            SerialPort(name, baud)
    assert len(list(Path("/proc/self/fd").iterdir())) == before
