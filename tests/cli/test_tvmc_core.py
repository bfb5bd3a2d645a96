# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""tvmc compile for a core or a board, and what tvmc micro create makes of the archive."""

from __future__ import annotations

from pathlib import Path

import onnx
import pytest
from onnx_models import Quantized
from zephyr_counters.cli import tvmc, tvmc_upstream
from zephyr_counters.formats.model_archive import ModelArchive


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A sum of two quantized tensors."""
    monkeypatch.setattr(tvmc_upstream, "find", lambda: None)
    q = Quantized(seed=1)
    sums = q.node("Add", [q.input((1, 30)), q.input((1, 30))])
    path = tmp_path / "model.onnx"
    onnx.save(q.finish(sums, (1, 30), 1 / 64, 0), path)
    return path


def test_a_board_gives_the_core_and_others_are_refused(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive, project = tmp_path / "m.tar", tmp_path / "project"
    assert tvmc.main(["compile", str(model), "--board", "mps2_an386", "-o", str(archive)]) == 0
    assert "for cortex-m4" in capsys.readouterr().out
    assert ModelArchive.open(archive).metadata["core"] == ["dsp"]
    create = ["micro", "create", str(project), str(archive), "--template", "zephyr-counters"]
    assert tvmc.main([*create, "--project-option", "board=posix"]) == 1
    error = capsys.readouterr().err
    assert "compiled for cortex-m4" in error and "board 'posix' (generic) lacks" in error
    assert "--board posix" in error
    assert not project.exists()
    assert tvmc.main([*create, "--project-option", "board=mps2_an386"]) == 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--target-c-mcpu", "cortex-m99"], "unknown core 'cortex-m99'"),
        (["--target-c-mcpu=cortex-m4+fast"], "unknown modifier '+fast'"),
        (["--board", "nothing"], "unknown board 'nothing'"),
    ],
)
def test_what_is_not_known_is_refused(
    model: Path, options: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tvmc.main(["compile", str(model), *options]) != 0
    assert message in capsys.readouterr().err


def test_a_core_and_a_board_exclude_each_other(model: Path) -> None:
    with pytest.raises(SystemExit):
        tvmc.main(["compile", str(model), "--board", "posix", "--target-c-mcpu", "cortex-m4"])
