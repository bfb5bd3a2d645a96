# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What commands have in common: examples in the help, options of a project."""

from __future__ import annotations

import argparse
import shlex
import signal
from collections.abc import Iterator
from types import ModuleType

import pytest
from command_fixtures import help_of
from zephyr_counters.board import board as boards
from zephyr_counters.cli import events, main, profile, serve, tvmc, validate
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
