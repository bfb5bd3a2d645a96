# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The JSON Schema of saved reports, from the types that `codec` reads and writes.

`docs/report.schema.json` is its result: `python -m zephyr_counters.report.exports.schema`.
"""

from __future__ import annotations

import dataclasses
import enum
import inspect
import json
import re
import types
import typing
from collections.abc import Mapping
from typing import Any

from zephyr_counters.report.exports.json import FORMAT, VERSION
from zephyr_counters.report.report import Report

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_SCALARS = {str: "string", int: "integer", float: "number", bool: "boolean"}
_ATTRIBUTE = re.compile(r"^    (\w+): (.+(?:\n      .+)*)", re.MULTILINE)
"""An attribute in a docstring, and the more indented lines that go on."""


def schema() -> dict[str, Any]:
    """Return the schema. What it accepts may still be refused: it cannot relate fields."""
    definitions: dict[str, Any] = {}
    report = _dataclass(Report, definitions)
    return {
        "$schema": _DRAFT,
        "title": FORMAT,
        **report,
        "properties": {
            "format": {"const": FORMAT},
            "version": {"const": VERSION},
            **report["properties"],
        },
        "required": ["format", "version", *report["required"]],
        "$defs": dict(sorted(definitions.items())),
    }


def _dataclass(kind: type, definitions: dict[str, Any]) -> dict[str, Any]:
    hints = typing.get_type_hints(kind)
    fields = dataclasses.fields(typing.cast(Any, kind))
    about = _described(kind)
    missing = dataclasses.MISSING
    return {
        "description": _first_line(kind),
        "type": "object",
        "properties": {
            one.name: {
                **({"description": about[one.name]} if one.name in about else {}),
                **_type(hints[one.name], definitions),
            }
            for one in fields
        },
        "required": [
            one.name for one in fields if one.default is missing and one.default_factory is missing
        ],
        "additionalProperties": False,
    }


def _type(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        (inner,) = [one for one in arguments if one is not types.NoneType]
        return {"anyOf": [_type(inner, definitions), {"type": "null"}]}
    if origin is Mapping:
        return {"type": "object", "additionalProperties": _type(arguments[1], definitions)}
    if origin is tuple:
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            return {"type": "array", "items": _type(arguments[0], definitions)}
        items = [_type(one, definitions) for one in arguments]
        count = len(items)
        return {"type": "array", "prefixItems": items, "minItems": count, "maxItems": count}
    if dataclasses.is_dataclass(kind):
        name = typing.cast(type, kind).__name__
        if name not in definitions:
            definitions[name] = {}  # also for a type that contains itself
            definitions[name] = _dataclass(typing.cast(type, kind), definitions)
        return {"$ref": f"#/$defs/{name}"}
    if kind is bytes:
        return {"type": "string", "contentEncoding": "base64"}
    if issubclass(kind, enum.Enum):
        return {"enum": [one.name.lower() for one in kind]}
    return {"type": _SCALARS[kind]}


def _first_line(kind: type) -> str:
    return (inspect.getdoc(kind) or "").partition("\n")[0]


def _described(kind: type) -> dict[str, str]:
    """Return what a docstring says of the attributes."""
    _, _, section = (inspect.getdoc(kind) or "").partition("Attributes:\n")
    return {name: " ".join(text.split()) for name, text in _ATTRIBUTE.findall(section)}


if __name__ == "__main__":
    print(json.dumps(schema(), indent=2))
