# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What west is called with, by a fake west that writes it down: there is no board to flash."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from fake_sources import REPOSITORY, TEMPLATE, RawClient, generate

RECORD = '#!/bin/sh\n{ printf "%s\\n" "$@"; echo "ZEPHYR_BASE=$ZEPHYR_BASE"; } > "$0.called"\n'


class Flashing:
    """A project for a real board, as if it were built, and a fake west in PATH."""

    def __init__(self, board: str, runner: str, archive: Path, folder: Path) -> None:
        self.project = folder / "p"
        generate(TEMPLATE, archive, self.project, board=board)
        build = self.project / "build"
        (build / "zephyr").mkdir(parents=True)
        (build / "CMakeCache.txt").touch()
        # As Zephyr's build writes it.
        (build / "zephyr/runners.yaml").write_text(
            f"runners:\n- {runner}\n- jlink\nflash-runner: {runner}\ndebug-runner: jlink\n"
        )
        self.base = folder / "zephyr"
        (self.base / "cmake/modules").mkdir(parents=True)
        (self.base / "VERSION").touch()
        self.west = folder / "bin" / "west"
        self.west.parent.mkdir()
        self.west.write_text(RECORD)
        self.west.chmod(0o755)

    def flash(self, **options: object) -> list[str]:
        """The words after `west flash -d BUILD`."""
        with RawClient(self.project) as client:
            client.call("flash", options=options)
        *words, base = self.west.with_name("west.called").read_text().splitlines()
        assert base == f"ZEPHYR_BASE={self.base}"
        assert words[0] == "flash" and "--no-rebuild" in words
        at = words.index("-d")
        assert words[at + 1] == str(self.project / "build")
        return words[at + 2 :]


def prepare(
    board: str, runner: str, archive: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Flashing:
    """A project to flash; west and Zephyr are found by the environment."""
    made = Flashing(board, runner, archive, folder)
    monkeypatch.setenv("PATH", f"{made.west.parent}:/usr/bin:/bin")
    monkeypatch.setenv("ZEPHYR_BASE", str(made.base))
    return made


# How the runners of Zephyr 4.3 choose a probe; those that have no --dev-id refuse it.
CHOICES = {
    "nrfutil": ["--dev-id", "683"],
    "nrfjprog": ["--dev-id", "683"],
    "jlink": ["--dev-id", "683"],
    "pyocd": ["--dev-id", "683"],
    "openocd": ["--cmd-pre-init", "adapter serial 683"],
    "stm32cubeprogrammer": ["--conn-modifiers", "sn=683"],
}


@pytest.mark.slow
@pytest.mark.parametrize("runner", CHOICES)
def test_serial_number(
    runner: str, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    board = "nucleo_l4r5zi" if runner == "stm32cubeprogrammer" else "nrf52840dk"
    made = prepare(board, runner, archive, tmp_path, monkeypatch)
    assert made.flash() == []
    assert made.flash(serial_number="683") == CHOICES[runner]
    # The runner that is asked for, not the board's own.
    for other, words in CHOICES.items():
        expected = ["--runner", other, *words]
        assert made.flash(serial_number="683", west_runner=other) == expected


@pytest.mark.slow
@pytest.mark.parametrize("board", ["nrf5340dk", "nrf54l15dk", "nucleo_f746zg", "nucleo_h743zi"])
def test_every_real_board(
    board: str, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = prepare(board, "jlink", archive, tmp_path, monkeypatch)
    assert made.flash(serial_number="1") == ["--dev-id", "1"]


@pytest.mark.slow
def test_west_cmd_and_zephyr_base(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of the options come before what is found."""
    made = prepare("nrf52840dk", "nrfutil", archive, tmp_path, monkeypatch)
    monkeypatch.setenv("ZEPHYR_BASE", "/nowhere")
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    options = {"zephyr_base": str(made.base), "west_cmd": f"env A=1 {made.west}"}
    assert made.flash(**options) == []
    with RawClient(made.project) as client:
        error = client.fail("flash", options={**options, "west_cmd": "no-such-west"})
    assert error["message"] == "west_cmd 'no-such-west' does not exist"


def test_no_west(archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = prepare("nrf52840dk", "nrfutil", archive, tmp_path, monkeypatch)
    made.west.unlink()
    with RawClient(made.project, "-S") as client:
        error = client.fail("flash", options={})
    assert error["message"] == "west is not installed, and flashing needs it"
    assert error["data"]["hint"].startswith("pip install west")


def test_not_built(archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = prepare("nrf52840dk", "nrfutil", archive, tmp_path, monkeypatch)
    shutil.rmtree(made.project / "build")
    with RawClient(made.project) as client:
        assert client.fail("flash", options={})["data"]["hint"] == "build the project first"


def test_west_fails(archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = prepare("nrf52840dk", "nrfutil", archive, tmp_path, monkeypatch)
    made.west.write_text("#!/bin/sh\necho required program nrfutil not found; exit 1\n")
    with RawClient(made.project) as client:
        error = client.fail("flash", options={})
    assert error["message"] == "flashing failed: west ended with exit code 1"
    assert error["data"]["detail"] == "required program nrfutil not found"


def test_every_flash_command_is_wests() -> None:
    for path in (REPOSITORY / "boards").glob("*/board.json"):
        flash = json.loads(path.read_text())["flash"]
        if flash is not None:
            assert flash["command"][:2] == ["west", "flash"]
            assert set(flash["options"]) == {"west_runner", "serial_number"}


@pytest.mark.slow
def test_a_missing_program_is_named_with_the_others(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = prepare("nrf52840dk", "nrfutil", archive, tmp_path, monkeypatch)
    made.west.write_text("#!/bin/sh\necho required program nrfutil not found\nexit 1\n")
    with RawClient(made.project) as client:
        said = str(client.fail("flash", options={}))
    assert "required program nrfutil not found" in said
    assert "whose program nrfutil is not in PATH" in said
    assert "west_runner=NAME" in said and "jlink (JLinkExe)" in said
    (made.west.parent / "openocd").write_text("#!/bin/sh\n")
    (made.west.parent / "openocd").chmod(0o755)
    with RawClient(made.project) as client:
        assert "west_runner=openocd" in str(client.fail("flash", options={}))
