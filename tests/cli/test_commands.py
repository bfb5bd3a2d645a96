# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What every command has: examples, messages, completion, progress, a quick start."""

from __future__ import annotations

import argparse
import logging
import os
import resource
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest
from command_fixtures import CommandBoard, help_of
from fake_board import FakeBoard, archive
from zephyr_counters import __version__
from zephyr_counters.blob.catalog import ClockKind
from zephyr_counters.board import board as boards
from zephyr_counters.cli import console, events, main, profile, serve, tvmc, validate
from zephyr_counters.errors import UsageError
from zephyr_counters.measure import profile as measured
from zephyr_counters.report import exports
from zephyr_counters.rpc import server


def leaves(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """Parsers of commands without further subcommands."""
    inner = [
        one
        for action in parser._actions
        if isinstance(action, argparse._SubParsersAction)
        for one in action.choices.values()
    ]
    if not inner:
        yield parser
    for one in inner:
        yield from leaves(one)


METADATA = b'{"name": "toy", "layers": [{"name": "first"}], "kernels": ["conv"]}'

ALL = [*leaves(main.parser()), *leaves(tvmc.parser())]


@pytest.mark.parametrize("command", ALL, ids=lambda one: one.prog)
def test_every_help_shows_examples_that_parse(command: argparse.ArgumentParser) -> None:
    """Each line of examples is one that the parser takes."""
    text = command.format_help()
    _, examples = text.split("\nexamples:\n")
    assert "--log-file" in text and "-v" in text and "-q" in text
    assert examples.strip()
    for line in examples.split("\n\n")[0].splitlines():
        words = line.partition("#")[0].split()
        for parser in (main.parser(), tvmc.parser()):
            is_ours = words[0] == parser.prog
            if is_ours and not {"&&", "|", "--list-options"} & {*words}:
                parser.parse_args(shlex.split(line, comments=True)[1:])


def test_the_module_is_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "zephyr_counters", "-V"], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"zephyr-counters {__version__}\n"


@pytest.mark.parametrize("module", ["zephyr_counters", "zephyr_counters.cli.tvmc"])
def test_a_version_imports_next_to_nothing(module: str) -> None:
    """It takes 0.2 s: what takes long stays out."""
    code = (
        "import runpy, sys\n"
        f"sys.argv = ['x', '--version']\n"
        "try:\n"
        f"    runpy.run_module({module!r}, run_name='__main__')\n"
        "except SystemExit:\n"
        "    pass\n"
        "print(sorted({'tvm', 'numpy', 'rich', 'onnx', 'cbor2', 'json'} & {*sys.modules}))"
    )
    best = min(_timed(code) for _ in range(5))
    assert best - min(_timed("pass") for _ in range(5)) < 0.2


def _timed(code: str) -> float:
    """Return the seconds of a core that a process takes, which other processes do not change."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert code == "pass" or done.stdout.endswith("\n[]\n")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_tvm_is_imported_only_where_needed(tmp_path: Path) -> None:
    exports.save(measured(FakeBoard(), repeat=1), tmp_path / "r.json")
    code = (
        "import sys\n"
        "from zephyr_counters.cli import main, tvmc\n"
        f"report = {str(tmp_path / 'r.json')!r}\n"
        "main.main(['show', report]), main.main(['compare', report, report])\n"
        "main.main(['boards']), main.parser(), tvmc.parser(), tvmc.tvmc_upstream.find()\n"
        "sys.exit('tvm' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 0


def test_without_posix_reports_can_be_read(tmp_path: Path) -> None:
    """As on Windows: Python has no termios there."""
    measured(FakeBoard(), repeat=1, blobs=tmp_path / "blobs")
    exports.save(measured(FakeBoard(), repeat=1), tmp_path / "r.json")
    (tmp_path / "p").mkdir()
    code = (
        "import sys\n"
        "for name in ('termios', 'tty', 'pty', 'fcntl', 'resource'):\n"
        "    sys.modules[name] = None\n"
        "from zephyr_counters.cli import main, tvmc\n"
        "main.parser(), tvmc.parser()\n"
        "for argv in (['show', 'r.json'], ['compare', 'r.json', 'r.json'], ['decode', 'blobs'],\n"
        "             ['boards']):\n"
        "    assert main.main(argv) == 0, argv\n"
        "sys.exit(main.main(['events', 'p']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "need Linux or macOS" in done.stderr and "use WSL" in done.stderr


class Opened(Exception):
    """A project was asked to open its board."""


class Recording:
    """A project that keeps the options by which its board is opened."""

    board = "posix"
    needs_flash = False
    is_upstream = False

    def __init__(self) -> None:
        self.given: list[object] = []

    def open_transport(self, options: object = None) -> object:
        self.given.append(options)
        raise Opened


@pytest.mark.parametrize("module", [profile, events, serve, validate])
def test_commands_that_open_a_board_take_project_options(
    module: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project = Recording()
    monkeypatch.setattr(module, "open_project", lambda folder: project)
    monkeypatch.setattr(signal, "signal", lambda *arguments: None)
    name = module.__name__.rpartition(".")[2]
    more = ["--model", "m"] if module is validate else []
    with pytest.raises(Opened):
        main.main([name, "p", *more, "--project-option", "port=/dev/ttyX", "baudrate=9600"])
    assert project.given == [{"port": "/dev/ttyX", "baudrate": "9600"}]
    assert main.main([name, "p", *more, "--project-option", "port"]) == 2
    assert "want OPTION=VALUE" in capsys.readouterr().err
    assert "--project-option" in help_of(capsys, main.main, name)


def test_commands_with_a_project_have_its_options() -> None:
    """Those that open a board, flash it or build, all of them."""
    found = []
    for command in ALL:
        if "PROJECT" in {action.metavar for action in command._actions}:
            names = {name for action in command._actions for name in action.option_strings}
            assert "--project-option" in names, command.prog
            if " create" not in command.prog:
                assert "--allow-foreign-owner" in names, command.prog
                found.append(command.prog.rpartition(" ")[2])
    assert {*found} >= {"profile", "events", "serve", "validate", "run", "build", "flash"}


def test_a_board_that_is_started_again_gets_the_options_again() -> None:
    from zephyr_counters.cli.project_options import Opener

    project = Recording()
    opener = Opener(project, {"port": "a"})
    for target in (boards.Board, server.Server):
        with pytest.raises(Opened):
            target(opener)
    assert project.given == [{"port": "a"}] * 2 and opener.board == "posix"


@pytest.fixture
def talkative(fake: None, monkeypatch: pytest.MonkeyPatch) -> None:
    class Talkative(CommandBoard):
        def _model_profile(self, repeat: int) -> None:
            logging.getLogger("board").info("hello \x1b[2J")
            logging.getLogger("zephyr_counters.link").debug("a frame")
            logging.getLogger("board").warning("careful")
            super()._model_profile(repeat)

    monkeypatch.setattr(boards, "Board", Talkative)


def test_how_much_a_command_says(
    talkative: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "log"
    argv = ["profile", "p", "--repeat", "1", "--counters", "core:cycles"]
    for words, said, unsaid in (
        ([], {"careful"}, {"hello", "frame"}),
        (["-v"], {"careful", "hello \\x1b[2J"}, {"frame"}),
        (["-vv"], {"careful", "hello", "a frame"}, {"\x1b"}),
        (["-q"], set(), {"careful", "hello"}),
        (["-q", "--log-file", str(path)], set(), {"careful"}),
    ):
        assert main.main([*argv, *words]) == 0
        captured = capsys.readouterr()
        assert all(one in captured.err for one in said)
        assert not any(one in captured.err for one in unsaid)
        assert "whole model" in captured.out
    assert main.main(["-v", *argv]) == 0 and "hello" in capsys.readouterr().err
    logged = path.read_text()
    assert (
        "INFO board: hello \\x1b[2J" in logged and "DEBUG zephyr_counters.link: a frame" in logged
    )
    assert __version__ in logged and not logging.getLogger().handlers[:-4]


def test_a_log_file_has_the_traceback_of_a_failure(
    fake: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Failing(CommandBoard):
        def _model_profile(self, repeat: int) -> None:
            raise UsageError("no")

    monkeypatch.setattr(boards, "Board", Failing)
    path = tmp_path / "log"
    assert main.main(["profile", "p", "--log-file", str(path)]) == 2
    assert capsys.readouterr().err == "zephyr-counters: no\n"
    assert "Traceback" in path.read_text() and "UsageError: no" in path.read_text()
    assert main.main(["boards", "--log-file", str(tmp_path)]) == 1
    assert "Is a directory" in capsys.readouterr().err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("argcomplete")
    assert main.main(["completion", shell]) == 0
    text = capsys.readouterr().out
    assert "zephyr-counters" in text and "tvmc" in text


def test_a_shell_completes_commands_and_options(tmp_path: Path) -> None:
    """As the script of bash asks: by environment variables, answered in a file."""
    pytest.importorskip("argcomplete")
    for line, wanted in (
        ("zephyr-counters prof", "profile"),
        ("zephyr-counters show x --cs", "--csv"),
    ):
        answer = tmp_path / "answer"
        environment = {
            "_ARGCOMPLETE": "1",
            "_ARGCOMPLETE_STDOUT_FILENAME": str(answer),
            "COMP_LINE": line,
            "COMP_POINT": str(len(line)),
        }
        subprocess.run(
            [sys.executable, "-m", "zephyr_counters"],
            env={**os.environ, **environment},
            check=False,
        )
        assert answer.read_text().strip() == wanted


def test_progress_without_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A line each 10 s, also while nothing is reported."""
    assert console.PERIOD_S == 10
    monkeypatch.setattr(console, "PERIOD_S", 0.05)
    with console.progress("Profiling") as tell:
        time.sleep(0.12)
        tell(3, 50)
        time.sleep(0.12)
    with console.steps("Building") as tell_step:
        tell_step("kernel.c\x1b")
        time.sleep(0.12)
    lines = capsys.readouterr().err.splitlines()
    assert "Profiling: working, after 0 s" in lines
    assert "Profiling: 3 of 50 repetitions, after 0 s" in lines
    assert "Building: kernel.c\\x1b, after 0 s" in lines
    assert 4 <= len(lines) <= 8


def test_decode_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "blobs"
    measured(FakeBoard(), repeat=30, blobs=folder, archive=archive())
    (folder / "metadata.json").write_bytes(METADATA)
    assert main.main(["decode", str(folder)]) == 0
    text = capsys.readouterr().out
    files = sorted(folder.glob("records-*.bin"))
    assert len(files) > 10
    shown = [line[:-1] for line in text.splitlines() if line.startswith("records-")]
    assert {*shown} == {one.name for one in files}
    assert shown.index("records-0-2.bin") < shown.index("records-0-10.bin")
    assert "core:cycles" in text and "core:branches" in text
    assert main.main(["decode", str(files[0])]) == 0
    assert main.main(["decode", str(tmp_path)]) == 2
    assert "no records-*.bin" in capsys.readouterr().err


def test_show_a_saved_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, csv = tmp_path / "r.json", tmp_path / "r.csv"
    report = measured(FakeBoard(), repeat=2, archive=archive())
    exports.save(report, path)
    assert main.main(["show", str(path), "--csv", str(csv), "--top", "1", "--sort", "time"]) == 0
    text = capsys.readouterr().out
    assert "conv_2" in text and "2 more" in text
    assert csv.read_bytes().decode() == exports.to_csv(report)
    assert main.main(["show", str(path), "--csv", str(csv)]) == 2
    assert main.main(["show", str(path), "--sort", "nothing"]) == 2
    assert main.main(["show", str(tmp_path / "none.json")]) == 1


@pytest.mark.parametrize("columns", [40, 80, 120])
def test_events_never_cuts_a_name(
    columns: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(console, "width", lambda: columns)
    events.show_catalog(FakeBoard().catalog())
    text = capsys.readouterr().out
    assert all(line.strip() for line in text.splitlines())
    for provider in FakeBoard().catalog().providers:
        for counter in provider.counters:
            assert f" {provider.name}:{counter.name} " in text
            assert all(word in text for word in counter.description.split())


def test_events_says_what_drives_clocks_and_what_is_made_up(
    capsys: pytest.CaptureFixture[str],
) -> None:
    catalog = FakeBoard().catalog()
    first, *others = catalog.providers
    counters = (replace(first.counters[0], expensive=True), *first.counters[1:])
    first = replace(
        first, clock_hz=64_000_000, clock=ClockKind.CORE, simulated=True, counters=counters
    )
    catalog = replace(catalog, providers=(first, *others), clock_name="dwt")
    events.show_catalog(replace(catalog, clock_kind=ClockKind.TIMER))
    text = capsys.readouterr().out
    assert "clock of the times: dwt, a timer; " in text
    assert ", clock 64 MHz, of the core" in text
    assert text.count("a simulation makes its values up") == 1
    assert f"globs leave it out: {counters[0].name}\n" in text
