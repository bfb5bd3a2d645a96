# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""An export that another package brings, from its entry point to its file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_fixtures import CommandBoard, Install, help_of
from fake_board import FakeBoard, archive
from zephyr_counters.board import board as boards
from zephyr_counters.cli import measuring, tvmc, tvmc_upstream_profile
from zephyr_counters.cli.main import main
from zephyr_counters.errors import LinkError, UsageError
from zephyr_counters.measure import profile as measured
from zephyr_counters.report import exports
from zephyr_counters.report.exports import Export

GROUP = "zephyr_counters.exports"
MARKDOWN = """
from zephyr_counters.report.exports import Export

def to_markdown(report):
    return "".join(f"| {row.name} |\\n" for row in report.layers)

EXPORT = Export("markdown", ".md", "save the names of the layers as Markdown", to_markdown)
"""
BROKEN = """
from zephyr_counters.report.exports import Export

def write(report):
    raise KeyError("gone")

EXPORT = Export("broken", ".broken", "save nothing", write)
"""


def test_an_export_of_another_package(
    install: Install, fake: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One file and an entry point give the option, the overwrite check and the saving."""
    install("their_markdown", MARKDOWN, GROUP)
    for command, name in ((main, "profile"), (tvmc.main, "run")):
        text = help_of(capsys, command, name)
        assert "--markdown F" in text and "names of the layers as Markdown" in text
    path = tmp_path / "layers.md"
    argv = ["profile", "project", "--repeat", "2", "--markdown", str(path)]
    assert main(argv) == 0
    assert path.read_text() == "| layer 0 |\n| layer 1 |\n| layer 2 |\n"
    assert "whole model" in capsys.readouterr().out
    path.write_text("mine")
    assert main(argv) == 2
    assert f"{path} exists\n  hint: --force overwrites it" in capsys.readouterr().err
    assert path.read_text() == "mine"
    assert main([*argv, "--force"]) == 0
    assert path.read_text().startswith("| layer 0 |")
    report = measured(FakeBoard(), repeat=1, archive=archive())
    exports.save(report, tmp_path / "python.md")
    assert (tmp_path / "python.md").read_text().startswith("| conv_0 |")


def test_the_tvmc_of_an_older_tvm_does_not_see_it(
    install: Install, fake: None, tmp_path: Path
) -> None:
    install("their_markdown", MARKDOWN, GROUP)
    argv = ["run", "--device", "micro", str(tmp_path), "--profile", "--repeat", "3", "-o", "o.npz"]
    path = tmp_path / "layers.md"
    ours = ["--markdown", str(path), "--counters=cycles", "--lock-interrupts", "--force"]
    handed_on, options = tvmc_upstream_profile.taken([*argv, *ours])
    assert handed_on == [word for word in argv if word != "--profile"]
    assert options is not None and options.path == tmp_path.resolve()
    assert measuring.measuring(options) == {
        "counters": ["cycles"],
        "repeat": 3,
        "lock_interrupts": True,
    }
    path.write_text("mine")
    with pytest.raises(UsageError, match="--force overwrites"):
        tvmc_upstream_profile.taken([*argv, *ours[:-1]])


def test_exports_of_tvmc_run_need_a_profile(
    fake: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    argv = ["run", "--device", "micro", str(tmp_path), "--json", str(tmp_path / "r.json")]
    assert tvmc.main(argv) == 2
    assert "--json needs --profile" in capsys.readouterr().err
    assert tvmc.main(["run", "--device", "micro", str(tmp_path), "--explain"]) == 2
    assert "--explain needs --profile" in capsys.readouterr().err


def test_an_export_that_fails_costs_neither_the_others_nor_the_table(
    install: Install, fake: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    install("their_broken", BROKEN, GROUP)
    argv = ["profile", "project", "--repeat", "2", "--broken", str(tmp_path / "x")]
    assert main([*argv, "--trace", str(tmp_path / "t.json")]) == 1
    captured = capsys.readouterr()
    assert "whole model" in captured.out
    assert f"{tmp_path / 'x'}: --broken failed: KeyError('gone')" in captured.err
    assert json.loads((tmp_path / "t.json").read_text())["traceEvents"]


def test_exports_are_saved_when_the_link_fails(
    fake: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Dying(CommandBoard):
        def _model_profile(self, repeat: int) -> None:
            if any(name == "model.profile" for name, _ in self.calls[:-1]):
                raise LinkError("the board is gone")
            super()._model_profile(repeat)

    monkeypatch.setattr(boards, "Board", Dying)
    argv = ["profile", "project", "--repeat", "20", "--counters", "cycles"]
    assert main([*argv, "--json", str(tmp_path / "r.json")]) == 1
    assert "the board is gone" in capsys.readouterr().err
    notes = exports.load(tmp_path / "r.json").notes
    assert any("stopped after 1 of 20 repetitions" in note for note in notes)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("EXPORT = 5", "their_export of group zephyr_counters.exports is not an Export"),
        ("import nothing_of_that_name", "cannot be loaded: ModuleNotFoundError"),
        (MARKDOWN.replace('"markdown"', '"json"'), "already an export named json"),
        (MARKDOWN.replace('"markdown"', '"repeat"'), "already has an option --repeat"),
        (MARKDOWN.replace('"markdown"', '"Mark down"'), "name 'Mark down' is not lower"),
        (MARKDOWN.replace('".md"', '"md"'), "suffix 'md' has no leading dot"),
    ],
)
def test_what_is_no_export_is_told(
    install: Install, source: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    install("their_export", source, GROUP)
    assert main(["boards"]) == 2
    assert message in capsys.readouterr().err


def test_two_exports_to_one_file(
    fake: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    same = str(tmp_path / "r")
    assert main(["profile", "project", "--json", same, "--csv", same]) == 2
    assert "cannot be saved to the same file" in capsys.readouterr().err


def test_save_chooses_by_the_longest_suffix(tmp_path: Path) -> None:
    report = measured(FakeBoard(), repeat=1)
    for name, start in (("r.json", "{"), ("r.csv", "board,"), ("r.trace.json", '{"displayTime')):
        exports.save(report, tmp_path / name)
        assert (tmp_path / name).read_text().startswith(start)
    assert "traceEvents" in json.loads((tmp_path / "r.trace.json").read_text())
    with pytest.raises(UsageError, match="no export has this suffix"):
        exports.save(report, tmp_path / "r.xlsx")


def test_bytes_are_written_as_they_are() -> None:
    report = measured(FakeBoard(), repeat=1)
    assert Export("raw", ".raw", "save", lambda report: b"\xff").to_bytes(report) == b"\xff"
    assert (
        Export("text", ".txt", "save", lambda report: "µ\r\n").to_bytes(report) == b"\xc2\xb5\r\n"
    )
