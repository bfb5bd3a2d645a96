# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Project options: each is declared once, and help, checks and the build derive from that.

A template declares its options in options.json, a list of objects with the attributes of `Option`;
a transport declares those of its own in Python.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from zephyr_counters.errors import ProjectError, UsageError
from zephyr_counters.formats.board import Board
from zephyr_counters.formats.suggest import close_to

FILE = "options.json"
Value = bool | int | str
_BOOLS = {"true": True, "false": False, "1": True, "0": False, "on": True, "off": False}


@dataclass(frozen=True)
class Option:
    """An option. The first seven attributes are those of TVM's ProjectOption.

    Attributes:
        name: as in --project-option NAME=VALUE.
        type: "bool", "int" or "str".
        help: one sentence; the range of values is added to it.
        default: the value where neither user nor board gives one; None for no value at all.
        choices: the values that it may have; None for any.
        required: methods of the Project API that must be given it.
        optional: methods that may be given it.
        min: the least value of an int.
        max: the largest value of an int.
        multiple: an int must be a multiple of it.
        words: whether a list of words is a value, too.
        alias_of: the option that this is another name of.
        config: the Kconfig symbol that is set to the value.
        platforms: where it has an effect; None for all platforms.
        runtimes: likewise, the model's runtimes.
        transports: likewise, the kinds of transport.
        commands: whether it has an effect only where the board's `run` or `flash` takes it.
        refused: values of upstream's option of this name that are not taken here, and what to do
            instead; "*" for every value but false.
    """

    name: str
    type: str
    help: str
    default: Value | None = None
    choices: tuple[str, ...] | None = None
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    min: int = 0
    max: int = 2**31 - 1
    multiple: int = 1
    words: bool = False
    alias_of: str | None = None
    config: str | None = None
    platforms: tuple[str, ...] | None = None
    runtimes: tuple[str, ...] | None = None
    transports: tuple[str, ...] | None = None
    commands: bool = False
    refused: Mapping[str, str] = field(default_factory=dict)

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods that it can be given to."""
        return (*self.required, *self.optional)

    @property
    def wanted(self) -> str:
        """What a value has to be, for messages and help."""
        if self.choices:
            return f"one of {', '.join(self.choices)}"
        if self.type != "int":
            return {"bool": "true or false", "str": "a text of printable characters"}[self.type]
        multiple = f", a multiple of {self.multiple}" if self.multiple > 1 else ""
        return f"an integer from {self.min} to {self.max}{multiple}"

    def has_effect(self, board: Board) -> bool:
        """Whether it means something on that board."""
        taken = self.name in board.command_options
        return (
            (self.platforms is None or board.platform in self.platforms)
            and (self.transports is None or board.transport in self.transports or taken)
            and (not self.commands or taken)
        )

    def has_effect_with(self, runtime: str) -> bool:
        """Whether it means something with that runtime."""
        return self.runtimes is None or runtime in self.runtimes

    def checked(self, value: Any) -> Value:
        """`value` if it is acceptable, as the option's type.

        Raises:
            UsageError: it is not.
        """
        result = _CONVERT[self.type](self, value)
        reason = self.refused.get(str(value), self.refused.get("*"))
        if reason and result is not False:
            raise UsageError(f"project option {self.name!r}: {value!r:.100} is not taken", reason)
        if result is None or (self.choices and result not in self.choices):
            raise UsageError(
                f"project option {self.name!r}: want {self.wanted}; got {value!r:.100}"
            )
        return result


Options = Mapping[str, Option]
"""Options by name."""


def load(folder: Path) -> dict[str, Option]:
    """Return the options in options.json.

    Raises:
        ProjectError: it is damaged.
    """
    path = folder / FILE
    try:
        options = [_option(entry) for entry in json.loads(path.read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise ProjectError(f"{path}: damaged: {error}", "reinstall zephyr-counters") from error
    return {option.name: option for option in options}


def describe(
    options: Options, defaults: Mapping[str, Any], choices: Mapping[str, Iterable[str]]
) -> list[dict[str, Any]]:
    """Return the options as TVM's client wants them, for JSON.

    Args:
        options: all of them.
        defaults: values to use where the user gives none; replace the options' own.
        choices: choices of options that depend on what is installed.
    """
    described = []
    for option in options.values():
        real = options[option.alias_of or option.name]
        some = [*choices.get(option.name, option.choices or ())]
        described.append(
            {
                "name": option.name,
                "choices": some or None,
                "default": defaults.get(option.name, option.default),
                "type": option.type,
                "required": list(option.required) or None,
                "optional": list(option.optional) or None,
                "help": option.help + (f" Takes {real.wanted}." if real.type == "int" else ""),
            }
        )
    return described


def resolve(options: Options, method: str, given: Mapping[str, Any]) -> dict[str, Value]:
    """Return the values that were given for `method`, checked and of the right type.

    TVM's client gives every method all options, with null or the default for most of them: those
    of other methods are left out.

    Raises:
        UsageError: an option is unknown, missing, or its value not acceptable.
    """
    values: dict[str, Value] = {}
    for name, value in given.items():
        if name not in options:
            raise UsageError(
                f"unknown project option {name!r}",
                close_to(name, options) or f"options: {', '.join(options)}",
            )
        if value is not None and method in options[name].methods:
            real = options[options[name].alias_of or name]
            checked = replace(real, name=name).checked(value)
            before = values.setdefault(real.name, checked)
            if before != checked:
                raise UsageError(
                    f"project option {real.name!r}: given twice, as {before!r} and {checked!r}",
                    f"other names of it: {', '.join(_aliases(options, real.name))}",
                )
    for name, option in options.items():
        if method in option.required and name not in values:
            raise UsageError(f"project option {name!r} is required by {method}")
    return values


def with_defaults(
    options: Options, method: str, values: Mapping[str, Value], board: Board
) -> dict[str, Value]:
    """Add the board's defaults, then the options' own, for what `values` lacks."""
    merged = dict(values)
    board_defaults = resolve(options, method, board.data["options"])
    for name, option in options.items():
        default = board_defaults.get(name, option.default)
        if method in option.methods and default is not None:
            merged.setdefault(name, default)
    return merged


def without_effect(
    options: Options, values: Mapping[str, Value], board: Board, runtime: str
) -> list[str]:
    """Return a line for each option in `values` that means nothing there, defaults apart."""
    lines = []
    for name, value in values.items():
        if value == options[name].default:
            continue
        if not options[name].has_effect(board):
            lines.append(f"project option {name!r} has no effect on board {board.name!r}")
        elif not options[name].has_effect_with(runtime):
            lines.append(f"project option {name!r} has no effect with runtime {runtime!r}")
    return lines


def config(options: Options, values: Mapping[str, Value], runtime: str) -> dict[str, Value]:
    """Return the Kconfig symbols that `values` set with `runtime`, and what they are set to."""
    return {
        symbol: value
        for name, value in values.items()
        if (symbol := options[name].config) and options[name].has_effect_with(runtime)
    }


def _option(entry: dict[str, Any]) -> Option:
    fields: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()
    }
    return Option(**fields)


def _aliases(options: Options, name: str) -> list[str]:
    return [other.name for other in options.values() if other.alias_of == name]


def _bool(option: Option, value: Any) -> bool | None:
    # True and False are 1 and 0; upstream's users give those, too.
    if isinstance(value, int):
        return bool(value) if value in (0, 1) else None
    return _BOOLS.get(value.lower()) if isinstance(value, str) else None


def _int(option: Option, value: Any) -> int | None:
    if isinstance(value, str):
        try:
            value = int(value, 0)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if option.min <= value <= option.max and value % option.multiple == 0 else None


def _str(option: Option, value: Any) -> str | None:
    if option.words and isinstance(value, list) and all(isinstance(w, str) for w in value):
        value = " ".join(value)
    good = isinstance(value, str) and value and value.isprintable() and len(value) <= 4096
    return value if good else None


_CONVERT: dict[str, Callable[[Option, Any], Value | None]] = {
    "bool": _bool,
    "int": _int,
    "str": _str,
}
