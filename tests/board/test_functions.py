# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The host's names and texts of what a device has are those of the device's own tables."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from zephyr_counters import resources
from zephyr_counters.blob import device_error
from zephyr_counters.blob.device_error import DeviceError, parse, translate
from zephyr_counters.rpc import functions

INCLUDE = resources.path("zephyr_module") / "include" / "zephyr_counters"
TABLE = (INCLUDE / "functions.def").read_text(encoding="utf-8")
ERRORS = (INCLUDE / "errors.def").read_text(encoding="utf-8")
SOURCES = Path(functions.__file__).parents[1]


def test_names_of_functions_agree() -> None:
    names = re.findall(r'^ZC_\w*FUNCTION\("([^"]+)"', TABLE, re.M)
    assert set(names) <= set(functions.RETURNS)
    own = ("hwcnt.", "model.")
    assert {name for name in functions.RETURNS if name.startswith(own)} == {
        name for name in names if name.startswith(own)
    }


def test_names_of_functions_stand_once_on_the_host() -> None:
    quoted = re.compile("|".join(f'"{re.escape(name)}"' for name in functions.RETURNS))
    for path in SOURCES.rglob("*.py"):
        if path != Path(functions.__file__):
            assert not quoted.search(path.read_text(encoding="utf-8")), path


def test_numbers_of_errors_agree() -> None:
    rows = re.findall(r"^ZC_ERROR\((\d+), (\w+)\)", ERRORS, re.M)
    assert len(rows) == ERRORS.count("\nZC_ERROR(")
    assert {int(number): name for number, name in rows} == device_error.numbers()
    assert len({name for _, name in rows}) == len(rows)


@pytest.mark.parametrize("number", device_error.numbers())
def test_texts_of_errors_use_what_the_device_sends(number: int) -> None:
    """A text has the argument if errors.def says what it is, and so for the name."""
    (comment,) = re.findall(rf"^ZC_ERROR\({number}, \w+\)(.*)$", ERRORS, re.M)
    text = DeviceError(number, 12345, "NAME").text
    assert ("12345" in text) == ("ARGUMENT:" in comment)
    # A signature is spelled out, a letter at a time.
    assert ("NAME" in text or "N, A, M, E" in text) == ("NAME:" in comment)


def test_parse() -> None:
    assert parse("zc-error 24 7 npu") == DeviceError(24, 7, "npu")
    assert parse("zc-error 24 7 npu").text == "npu has no counter: 7"
    assert parse("zc-error 31 0") == DeviceError(31)
    assert parse("zc-error 23 0 gone: it is gone").text == "gone: it is gone"
    assert parse("zc-error 3 0").drops_frame and not parse("zc-error 31 0").drops_frame
    assert parse("zc-error 80 0 ").text == "takes no argument"
    assert parse("zc-error 80 0 sb?i").text == "takes text, bytes, and optionally, number"
    for other in ("", "frame dropped: wrong CRC", "zc-error", "zc-error 5", "zc-error x 0"):
        assert parse(other) is None


def test_numbers_of_a_later_firmware_and_hostile_ones() -> None:
    later = "device error 999, argument 4, x, a number that this program does not know"
    assert translate("zc-error 999 4 x") == later
    assert parse("zc-error 110 4294967295").text == "error: 4294967295"
    assert translate("zc-error 60 0 {name} {0.x}") == "no kernel: {name} {0.x}"
    for huge in ("zc-error 99999999999 0", "zc-error 1 " + "9" * 5000):
        assert translate(huge) == huge


def test_translation_keeps_what_is_around_an_error() -> None:
    before, after = "RPCError: Error caught from RPC call:\n", "\n  File x"
    assert translate(f"{before}zc-error 58 0{after}") == f"{before}no such library{after}"
    assert translate("nothing of that kind") == "nothing of that kind"
