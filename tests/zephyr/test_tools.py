# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""How a workspace, west and a compiler are found, and what is said if they are not."""

from __future__ import annotations

from pathlib import Path

import pytest
from zephyr_counters.errors import ProjectError
from zephyr_counters.project_api import zephyr_toolchain, zephyr_workspace


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home, and an environment that names nothing."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    for name in ("ZEPHYR_BASE", "ZEPHYR_TOOLCHAIN_VARIANT", "ZEPHYR_SDK_INSTALL_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.chdir(folder)
    return folder


def make_zephyr(base: Path) -> Path:
    """What is enough of a Zephyr tree to be found."""
    (base / "cmake" / "modules").mkdir(parents=True)
    (base / "VERSION").touch()
    return base


def make_program(path: Path) -> Path:
    """A program that can be found."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o755)
    return path


def test_no_workspace(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="no Zephyr workspace found"):
        zephyr_workspace.find(tmp_path)


def test_wrong_zephyr_base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZEPHYR_BASE", str(tmp_path))
    with pytest.raises(ProjectError, match="which holds no Zephyr"):
        zephyr_workspace.find(tmp_path)


def test_option_goes_before_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZEPHYR_BASE", str(make_zephyr(tmp_path / "environment")))
    base = make_zephyr(tmp_path / "option")
    assert zephyr_workspace.find(tmp_path, str(base)).base == base
    with pytest.raises(ProjectError, match="zephyr_base is /nowhere, which holds no Zephyr"):
        zephyr_workspace.find(tmp_path, "/nowhere")


def test_order(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = make_zephyr(home / "zephyrproject" / "zephyr")
    assert zephyr_workspace.find(tmp_path).base == expected

    expected = make_zephyr(tmp_path / "exported" / "zephyr")
    entry = home / ".cmake" / "packages" / "Zephyr" / "0123"
    entry.parent.mkdir(parents=True)
    entry.write_text(f"{expected}/share/zephyr-package/cmake\n")
    assert zephyr_workspace.find(tmp_path).base == expected

    expected = make_zephyr(tmp_path / "around" / "tree")
    config = tmp_path / "around" / ".west" / "config"
    config.parent.mkdir()
    config.write_text("[zephyr]\nbase = tree\n")
    assert zephyr_workspace.find(tmp_path / "around" / "project").base == expected

    expected = make_zephyr(tmp_path / "named")
    monkeypatch.setenv("ZEPHYR_BASE", str(expected))
    assert zephyr_workspace.find(tmp_path / "around" / "project").base == expected


def test_west_of_the_workspace(home: Path, tmp_path: Path) -> None:
    make_zephyr(home / "zephyrproject" / "zephyr")
    (home / "zephyrproject" / ".west").mkdir()
    (home / "zephyrproject" / ".west" / "config").touch()
    west = make_program(home / "zephyrproject" / ".venv" / "bin" / "west")
    assert zephyr_workspace.find(tmp_path).west() == [str(west)]


def test_west_of_the_option(home: Path, tmp_path: Path) -> None:
    make_zephyr(home / "zephyrproject" / "zephyr")
    program = make_program(tmp_path / "my tools" / "west")
    found = zephyr_workspace.find(tmp_path, None, f"'{program}' -v")
    assert found.west() == [str(program), "-v"]
    for command in ("no-such-west", " "):
        with pytest.raises(ProjectError, match="does not exist"):
            zephyr_workspace.find(tmp_path, None, command).west()


def test_modules_without_west(home: Path, tmp_path: Path) -> None:
    """Those that west would have put into the workspace, Zephyr's own folders apart."""
    top = home / "zephyrproject"
    make_zephyr(top / "zephyr")
    for folder in ("modules/hal/cmsis_6", "bootloader/mcuboot", "zephyr/tests/a_module"):
        (top / folder / "zephyr").mkdir(parents=True)
        (top / folder / "zephyr" / "module.yml").touch()
    (top / "modules" / "no_module").mkdir()
    expected = [top / "bootloader/mcuboot", top / "modules/hal/cmsis_6"]
    assert zephyr_workspace.find(tmp_path).modules() == expected


def test_compiler_from_path(tmp_path: Path) -> None:
    make_program(tmp_path / "bin" / "arm-none-eabi-gcc")
    assert zephyr_toolchain.environment("arm") == {
        "ZEPHYR_TOOLCHAIN_VARIANT": "gnuarmemb",
        "GNUARMEMB_TOOLCHAIN_PATH": str(tmp_path),
    }
    make_program(tmp_path / "bin" / "riscv64-unknown-elf-gcc")
    variables = zephyr_toolchain.environment("riscv")
    assert variables["CROSS_COMPILE"] == f"{tmp_path}/bin/riscv64-unknown-elf-"


def test_environment_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_program(tmp_path / "bin" / "arm-none-eabi-gcc")
    monkeypatch.setenv("ZEPHYR_TOOLCHAIN_VARIANT", "llvm")
    assert zephyr_toolchain.environment("arm") == {}


def test_no_compiler() -> None:
    if zephyr_toolchain._has_sdk():
        pytest.skip("there is a Zephyr SDK")
    with pytest.raises(ProjectError, match="no compiler for arm found") as error:
        zephyr_toolchain.environment("arm")
    assert error.value.hint is not None
    assert "gcc-arm-none-eabi" in error.value.hint
