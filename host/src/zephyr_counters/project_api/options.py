# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Project options: options.json says what there is, this says what a value may be.

The fields name, type, default, choices, required, optional and help are those of TVM's
ProjectOption. Ours besides: min, max, multiple; words (a list of words is one value, too);
alias_of (another name of that option); config (the Kconfig symbol that it sets); platforms,
consoles and runtimes (where it means something; everywhere if absent).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from zephyr_counters.project_api.boards import Board
from zephyr_counters.project_api.errors import UsageError
from zephyr_counters.project_api.suggest import close_to

FILE = "options.json"
Value = bool | int | str
_UPSTREAM_FIELDS = ("name", "choices", "default", "type", "required", "optional", "help")
_BOOLS = {"true": True, "false": False, "1": True, "0": False, "on": True, "off": False}


def load(folder: Path) -> dict[str, dict[str, Any]]:
    """The options' data, by name."""
    return {option["name"]: option for option in json.loads((folder / FILE).read_text())}


def describe(options: dict[str, dict[str, Any]], defaults: dict[str, Any]) -> list[dict[str, Any]]:
    """As TVM's client wants to hear of them.

    Args:
        options: from load().
        defaults: values that stand where the user gives none; wins over the data's.
    """
    described = []
    for option in options.values():
        entry = {field: option.get(field) for field in _UPSTREAM_FIELDS}
        entry["default"] = defaults.get(option["name"], entry["default"])
        described.append(entry)
    return described


def resolve(
    options: dict[str, dict[str, Any]], method: str, given: dict[str, Any]
) -> dict[str, Value]:
    """The values that were given for `method`, checked and of the right type.

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
        if value is not None and method in _methods(options[name]):
            real = options[options[name].get("alias_of", name)]
            checked = _checked({**real, "name": name}, value)
            before = values.setdefault(real["name"], checked)
            if before != checked:
                raise UsageError(
                    f"project option {real['name']!r}: given twice, as {before!r} and {checked!r}",
                    f"other names of it: {', '.join(_aliases(options, real['name']))}",
                )
    for name, option in options.items():
        if method in (option.get("required") or ()) and name not in values:
            raise UsageError(f"project option {name!r} is required by {method}")
    return values


def with_defaults(
    options: dict[str, dict[str, Any]], method: str, values: dict[str, Value], board: Board
) -> dict[str, Value]:
    """Add the board's defaults, then the data's, for what `values` lacks."""
    merged = dict(values)
    board_defaults = resolve(options, method, board.data["options"])
    for name, option in options.items():
        default = board_defaults.get(name, option.get("default"))
        if method in _methods(option) and default is not None:
            merged.setdefault(name, default)
    return merged


def without_effect(
    options: dict[str, dict[str, Any]], values: dict[str, Value], board: Board, runtime: str
) -> list[str]:
    """A line for each option in `values` that means nothing there, defaults apart."""
    lines = []
    for name, value in values.items():
        if value == options[name].get("default"):
            continue
        platforms = options[name].get("platforms", [board.platform])
        consoles = options[name].get("consoles", [board.console["kind"]])
        if board.platform not in platforms or board.console["kind"] not in consoles:
            lines.append(f"project option {name!r} has no effect on board {board.name!r}")
        elif runtime not in options[name].get("runtimes", [runtime]):
            lines.append(f"project option {name!r} has no effect with runtime {runtime!r}")
    return lines


def config(
    options: dict[str, dict[str, Any]], values: dict[str, Value], runtime: str
) -> dict[str, Value]:
    """Values of Kconfig symbols that `values` stand for with `runtime`."""
    return {
        options[name]["config"]: value
        for name, value in values.items()
        if "config" in options[name] and runtime in options[name].get("runtimes", [runtime])
    }


def _aliases(options: dict[str, dict[str, Any]], name: str) -> list[str]:
    return [other for other, option in options.items() if option.get("alias_of") == name]


def _methods(option: dict[str, Any]) -> list[str]:
    return [*(option.get("required") or ()), *(option.get("optional") or ())]


def _checked(option: dict[str, Any], value: Any) -> Value:
    checked = _CHECKS[option["type"]](option, value)
    choices = option.get("choices")
    if choices and checked not in choices:
        raise _bad(option, value, f"one of {', '.join(choices)}")
    return checked


def _bad(option: dict[str, Any], value: Any, wanted: str) -> UsageError:
    return UsageError(f"project option {option['name']!r}: want {wanted}; got {value!r:.100}")


def _bool(option: dict[str, Any], value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in _BOOLS:
        return _BOOLS[value.lower()]
    raise _bad(option, value, "true or false")


def _int(option: dict[str, Any], value: Any) -> int:
    low, high, multiple = option["min"], option["max"], option.get("multiple", 1)
    wanted = f"an integer from {low} to {high}"
    if multiple > 1:
        wanted += f", a multiple of {multiple}"
    if isinstance(value, str):
        try:
            value = int(value, 0)
        except ValueError:
            raise _bad(option, value, wanted) from None
    if isinstance(value, bool) or not isinstance(value, int):
        raise _bad(option, value, wanted)
    if not low <= value <= high or value % multiple:
        raise _bad(option, value, wanted)
    return value


def _str(option: dict[str, Any], value: Any) -> str:
    if option.get("words") and isinstance(value, list) and all(isinstance(w, str) for w in value):
        value = " ".join(value)
    if not isinstance(value, str) or not value or not value.isprintable() or len(value) > 4096:
        raise _bad(option, value, "a text of printable characters")
    return value


_CHECKS: dict[str, Callable[[dict[str, Any], Any], Value]] = {
    "bool": _bool,
    "int": _int,
    "str": _str,
}
