# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Boards are data: a folder with board.json, and with what its platform adds to the build.

    format          1
    name            as in the option `board`; may hold slashes, the folder then has underscores
    aliases         optional: other names for it, such as those of older templates
    description     one line
    platform        names the CMake file that builds for it: platforms/NAME.cmake
    zephyr_board    Zephyr's board target, or null
    arch            with Zephyr, its name of the architecture: posix, arm, arm64, riscv
    core            optional: its core as in formats/core.py, such as cortex-m4; any if missing
    memory          with Zephyr, for people: {"flash_kib": n, "ram_kib": n}, null where unlimited
    clock_hz        with Zephyr, for people: frequency of the core, or null
    run             null if it runs by itself, else {"command": [...], "start_timeout_sec": s}
    flash           null if there is nothing to do, else {"command": [...]}
                    both: "options": {option: [words that follow if it is given and true]}
                    flash: "runners", optional: {west's name: its program}, default first
    console         {"kind": ...}, the kind of transport, and what its module wants besides
    timeouts        seconds, as in TVM's TransportTimeouts
    providers       for people: what it counts
    seen            optional, for people: whether its firmware has run, or has only been compiled
    options         defaults for the project options, by name
    roofs           optional, of hardware: what the core can do at most, from its manual:
                    {"macs_per_cycle": int8 MACs, "bytes_per_cycle": bytes, "source": manual}

Commands may hold {build}, {project} and {OPTION}; the program `west` is looked for.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zephyr_counters.errors import ProjectError, UsageError
from zephyr_counters.formats.core import GENERIC, features
from zephyr_counters.formats.suggest import close_to

FORMAT = 1
FILE = "board.json"
_PLACE = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True)
class Board:
    """A board's data, and the folder that they are in."""

    folder: Path
    data: Mapping[str, Any]

    @property
    def name(self) -> str:
        """As in the option `board`."""
        return str(self.data["name"])

    @property
    def aliases(self) -> tuple[str, ...]:
        """Other names for it."""
        return tuple(self.data.get("aliases", ()))

    @property
    def description(self) -> str:
        """One line."""
        return str(self.data["description"])

    @property
    def platform(self) -> str:
        """What builds for it."""
        return str(self.data["platform"])

    @property
    def zephyr_board(self) -> str | None:
        """Zephyr's board target."""
        target: str | None = self.data["zephyr_board"]
        return target

    @property
    def core(self) -> str:
        """The processor core, as in formats/core.py."""
        return str(self.data.get("core", GENERIC))

    @property
    def console(self) -> Mapping[str, Any]:
        """How its stream is reached."""
        console: Mapping[str, Any] = self.data["console"]
        return console

    @property
    def transport(self) -> str:
        """The kind of transport."""
        return str(self.console["kind"])

    @property
    def runs_here(self) -> bool:
        """Whether the firmware runs on this machine, natively or emulated."""
        return self.data["run"] is not None

    @property
    def providers(self) -> tuple[str, ...]:
        """What it counts."""
        return tuple(self.data["providers"])

    @property
    def seen(self) -> str:
        """Whether its firmware has run, or has only been compiled."""
        return str(self.data.get("seen", ""))

    @property
    def roofs(self) -> Mapping[str, Any]:
        """What the core can do at most; empty if it is not known."""
        return dict(self.data.get("roofs", {}))

    @property
    def runners(self) -> Mapping[str, str]:
        """Programs that flash it, by west's name for them; the board's default comes first."""
        runners: Mapping[str, str] = (self.data["flash"] or {}).get("runners", {})
        return runners

    @property
    def command_options(self) -> set[str]:
        """The options that its commands take."""
        entries = [self.data["run"] or {}, self.data["flash"] or {}]
        words = [word for entry in entries for word in entry.get("command", ())]
        named = {name for word in words for name in _PLACE.findall(word)}
        return named.union(*(entry.get("options", {}) for entry in entries))

    def command(self, entry: str, project: Path, values: Mapping[str, Any]) -> list[str]:
        """Return the command of `run` or `flash`, with the values of options filled in.

        Args:
            entry: "run" or "flash"; the board has it.
            project: the project's folder.
            values: values of options.
        """
        places = {"build": str(project / "build"), "project": str(project)}
        places |= {name: str(value) for name, value in values.items()}
        words = list(self.data[entry]["command"])
        for name, more in self.data[entry].get("options", {}).items():
            if values.get(name):
                words += more
        return [_PLACE.sub(lambda match: places.get(match[1], ""), word) for word in words]


def find(folders: Iterable[Path]) -> dict[str, Board]:
    """Return the boards in `folders`, by name, sorted; later folders replace earlier ones.

    Raises:
        ProjectError: a board's data are damaged.
    """
    boards = [read(path) for folder in folders for path in sorted(folder.glob(f"*/{FILE}"))]
    return {board.name: board for board in sorted(boards, key=lambda board: board.name)}


def choose(boards: Mapping[str, Board], name: str) -> Board:
    """Return the board with that name or alias.

    Raises:
        UsageError: there is none; names those that there are.
    """
    if name in boards:
        return boards[name]
    names = {alias: board for board in boards.values() for alias in board.aliases}
    if name in names:
        return names[name]
    raise UsageError(
        f"unknown board {name!r}",
        close_to(name, [*boards, *names]) or f"boards: {', '.join(boards)}",
    )


def read(path: Path) -> Board:
    """Return the board that a board.json describes.

    Raises:
        ProjectError: it is damaged, or of another version.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["format"] != FORMAT:
            raise ProjectError(f"{path}: format {data['format']!r}; this version reads {FORMAT}")
        _check(data)
    except KeyError as error:
        raise ProjectError(f"{path}: not a board's data: {error.args[0]!r} is missing") from error
    except (OSError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise ProjectError(f"{path}: not a board's data: {error}") from error
    return Board(path.parent, data)


def _check(data: dict[str, Any]) -> None:
    for key in ("name", "description", "platform"):
        _want(isinstance(data[key], str) and data[key].isprintable(), key, "a line of text")
    _want(isinstance(data["zephyr_board"], str | None), "zephyr_board", "a text or null")
    _want(isinstance(data["console"]["kind"], str), "console", "an object with 'kind'")
    _want(
        _has_group(data["console"].get("pattern", "()")),
        "pattern",
        "a regular expression with a group",
    )
    for key in ("timeouts", "options"):
        _want(isinstance(data[key], dict), key, "an object")
    _want(_are_texts(data["providers"]), "providers", "a list of texts")
    _want(_are_texts(data.get("aliases", [])), "aliases", "a list of texts")
    _want(isinstance(data.get("seen", ""), str), "seen", "a text")
    _want(_is_core(data.get("core", GENERIC)), "core", "a core that formats/core.py knows")
    _want(_are_roofs(data.get("roofs", {})), "roofs", "an object of numbers above 0 and a source")
    for key in ("run", "flash"):
        if data[key] is not None:
            command, more = data[key]["command"], data[key].get("options", {})
            _want(_are_texts(command) and bool(command), key, "a command: a list of texts")
            _want(all(map(_are_texts, more.values())), key, "a command with lists of words")
            _want(_are_texts([*data[key].get("runners", {}).values()]), key, "a command with texts")
    if data["run"]:
        seconds = data["run"]["start_timeout_sec"]
        _want(isinstance(seconds, int | float), "run", "a command with 'start_timeout_sec'")


def _want(good: bool, key: str, what: str) -> None:
    if not good:
        raise ValueError(f"{key!r} is not {what}")


def _is_core(name: Any) -> bool:
    try:
        return isinstance(name, str) and features(name) is not None
    except UsageError:
        return False


def _has_group(pattern: Any) -> bool:
    try:
        return isinstance(pattern, str) and re.compile(pattern).groups > 0
    except re.error:
        return False


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _are_roofs(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    limits = [one for key, one in value.items() if key in ("macs_per_cycle", "bytes_per_cycle")]
    source = value.get("source", "")
    good = all(isinstance(one, int | float) and 0 < one < math.inf for one in limits)
    return good and isinstance(source, str) and source.isprintable()
