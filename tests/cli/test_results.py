# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A measurement survives what happens to its files, its terminal and its user."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from command_fixtures import CommandBoard
from zephyr_counters.board import board as boards
from zephyr_counters.cli import tvmc
from zephyr_counters.cli.main import main
from zephyr_counters.report import exports
from zephyr_counters.report.exports import files

PROFILE = ["profile", "project", "--repeat", "2", "--counters", "cycles"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_disk_costs_the_file_and_nothing_else(
    fake: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "t.json"
    assert main([*PROFILE, "--json", "/dev/full", "--trace", str(path)]) == 1
    captured = capsys.readouterr()
    assert "whole model" in captured.out
    assert "/dev/full: No space left on device" in captured.err
    assert json.loads(path.read_text())["traceEvents"]


def test_a_file_is_whole_or_as_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "r.json"
    path.write_text("before")
    path.chmod(0o640)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match=r"No space left on device: '.*r\.json'"):
            files.write(path, b"after")
    assert path.read_text() == "before" and list(tmp_path.iterdir()) == [path]
    files.write(path, b"after")
    assert path.read_text() == "after" and list(tmp_path.iterdir()) == [path]
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    link = tmp_path / "link"
    link.symlink_to(path)
    files.write(link, b"linked")
    assert link.is_symlink() and path.read_text() == "linked"


class Interrupted(CommandBoard):
    """Ctrl-C in the second chunk of repetitions."""

    def _model_profile(self, repeat: int) -> None:
        if any(name == "model.profile" for name, _ in self.calls[:-1]):
            raise KeyboardInterrupt
        super()._model_profile(repeat)


def test_ctrl_c_keeps_what_was_measured(
    fake: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(boards, "Board", Interrupted)
    path = tmp_path / "r.json"
    argv = ["profile", "project", "--repeat", "20", "--counters", "cycles"]
    assert main([*argv, "--json", str(path)]) == 130
    captured = capsys.readouterr()
    assert "whole model" in captured.out and captured.err == "zephyr-counters: interrupted\n"
    report = exports.load(path)
    assert "stopped after 1 of 20 repetitions: interrupted" in report.notes
    assert len(report.rows[0].ticks[0].raw) == 1


def test_ctrl_c_in_the_callback_of_progress(fake: None, tmp_path: Path) -> None:
    """A signal comes at any line, not only while the board is asked."""
    from zephyr_counters.measure import ProfileInterrupted, profile

    def press(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(ProfileInterrupted) as stopped:
        profile(CommandBoard(None), repeat=5, progress=press)
    assert len(stopped.value.report.rows[0].ticks[0].raw) == 1


def test_ctrl_c_before_the_first_repetition(
    fake: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class AtOnce(CommandBoard):
        def _model_profile(self, repeat: int) -> None:
            raise KeyboardInterrupt

    monkeypatch.setattr(boards, "Board", AtOnce)
    assert main([*PROFILE, "--json", str(tmp_path / "r.json")]) == 130
    assert not list(tmp_path.iterdir())


def test_nothing_reads_the_table(
    fake: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`| head -1` closes standard output; the file is saved all the same."""

    def closed(*arguments: object) -> None:
        raise BrokenPipeError

    monkeypatch.setattr("zephyr_counters.cli.exporting.show_report", closed)
    monkeypatch.setattr(os, "dup2", lambda *arguments: None)
    assert main([*PROFILE, "--json", str(tmp_path / "r.json")]) == 1
    assert exports.load(tmp_path / "r.json").rows


def test_standard_output_as_a_file(
    fake: None, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main([*PROFILE, "--json", "-"]) == 0
    captured = capfdbinary.readouterr()
    assert exports.from_json(captured.out.decode()).rows
    assert b"whole model" in captured.err
    assert not list(tmp_path.iterdir())
    assert main([*PROFILE, "--json", "-", "--csv", "-"]) == 2


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_an_output_that_cannot_show_a_character(tmp_path: Path, encoding: str) -> None:
    from fake_board import FakeBoard
    from zephyr_counters.measure import profile

    exports.save(profile(FakeBoard(), repeat=2), tmp_path / "r.json")
    done = subprocess.run(
        [sys.executable, "-m", "zephyr_counters", "show", str(tmp_path / "r.json")],
        env={**os.environ, "PYTHONIOENCODING": encoding},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0 and not done.stderr
    text = done.stdout.decode(encoding)
    assert "whole model" in text
    assert ("µs" in text) == (encoding != "ascii") and ("─" in text) == (encoding == "utf-8")
    widths = {len(line) for line in text.splitlines() if set(line) <= set(" ─-")}
    assert len(widths) == 1


def test_an_error_cannot_control_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["show", str(tmp_path / "a\x1b[2Jb.json")]) == 1
    assert "a\\x1b[2Jb.json: No such file" in capsys.readouterr().err


def test_the_outputs_of_tvmc_are_whole_or_as_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import numpy as np
    from zephyr_counters.cli import tvmc_run

    assert tvmc
    path = tmp_path / "out"
    tvmc_run._save(path, [np.arange(3)])
    with np.load(path) as found:
        assert found["output_0"].tolist() == [0, 1, 2]
    with pytest.raises(OSError, match="No space left on device: '/dev/full'"):
        tvmc_run._save(Path("/dev/full"), [np.arange(100_000)])
