# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Which compiler Zephyr is to use."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

from zephyr_counters.errors import ProjectError

_TABLE = Path(__file__).with_name("toolchains.json")
_SDK_PLACES = ("~", "~/.local", "~/.local/opt", "~/bin", "/opt", "/usr", "/usr/local")


def environment(arch: str) -> dict[str, str]:
    """Variables that choose a toolchain for `arch`, Zephyr's name of an architecture.

    None where the environment chooses one already, or there is a Zephyr SDK; else those of a
    compiler that is installed.

    Raises:
        ProjectError: there is no compiler for it.
    """
    # The host's compiler is the only one that makes programs for it.
    if arch != "posix" and (os.environ.get("ZEPHYR_TOOLCHAIN_VARIANT") or _has_sdk()):
        return {}
    choices = json.loads(_TABLE.read_text()).get(arch, [])
    for choice in choices:
        program = shutil.which(choice["program"])
        if program:
            return _variables(choice["variant"], Path(program))
    packages = [choice["debian"] for choice in choices if "debian" in choice]
    hint = "install the Zephyr SDK"
    if packages:
        hint += f", or a compiler that is found in PATH (Debian: apt install {packages[0]})"
    raise ProjectError(f"no compiler for {arch} found", hint)


def _variables(variant: str, program: Path) -> dict[str, str]:
    variables = {"ZEPHYR_TOOLCHAIN_VARIANT": variant}
    if variant == "gnuarmemb":
        variables["GNUARMEMB_TOOLCHAIN_PATH"] = str(program.parent.parent)
    if variant == "cross-compile":
        variables["CROSS_COMPILE"] = str(program).removesuffix("gcc")
    return variables


def _has_sdk() -> bool:
    if os.environ.get("ZEPHYR_SDK_INSTALL_DIR"):
        return True
    registry = Path.home() / ".cmake" / "packages" / "Zephyr-sdk"
    if any(registry.glob("*")):
        return True
    return any(any(Path(place).expanduser().glob("zephyr-sdk*")) for place in _SDK_PLACES)
