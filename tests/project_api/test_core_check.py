# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A model whose kernels need another core is refused at create, or at build in one line."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from zephyr_counters import resources
from zephyr_counters.compile.kernels.c_files import c_file
from zephyr_counters.errors import ArchiveError, ProjectError
from zephyr_counters.formats import board
from zephyr_counters.formats.search_path import BOARDS
from zephyr_counters.project_api import build_errors, core_check

FOR_M4 = {"core": ["dsp"], "mcpu": "cortex-m4"}


def test_a_board_that_lacks_what_the_model_needs_is_named() -> None:
    core_check.check(FOR_M4, "any_m7", "cortex-m7")
    core_check.check({}, "posix", "generic")
    with pytest.raises(ArchiveError, match=r"needs DSP instructions, which board 'qemu_cortex_m3'"):
        core_check.check(FOR_M4, "qemu_cortex_m3", "cortex-m3")
    with pytest.raises(ArchiveError, match=r"MVE \(Helium\), MVE \(Helium\) for floats"):
        core_check.check({"core": ["mve", "mve.fp"]}, "b", "cortex-m4")


@pytest.mark.parametrize("core", [None, "dsp", [1], {"a": 1}])
def test_damaged_metadata_are_refused(core: object) -> None:
    with pytest.raises(ArchiveError, match="'core' is damaged"):
        core_check.check({"core": core}, "posix", "generic")


def test_every_cortex_m_board_names_its_core() -> None:
    boards = board.find(resources.search(BOARDS)).values()
    assert {one.name: one.core for one in boards}["posix"] == "generic"
    for one in boards:
        if "Cortex-M" in one.description:
            assert one.core.startswith("cortex-m"), one.name


def test_a_compiler_for_another_core_says_so_in_one_line(tmp_path: Path) -> None:
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no cc")
    source = tmp_path / "model.c"
    source.write_text(c_file("dsp/zc_dsp.h").text)
    command = [compiler, "-c", str(source), "-o", str(tmp_path / "model.o")]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode != 0
    error = build_errors.explained("exit code 1", done.stderr * 3, tmp_path / "log", "Zephyr")
    assert isinstance(error, ProjectError)
    assert "need a core with DSP instructions" in str(error)
    assert len(str(error).splitlines()) <= 2
