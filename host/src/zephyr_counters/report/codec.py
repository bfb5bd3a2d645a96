# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Convert frozen dataclasses to plain JSON data and back, by their annotations."""

from __future__ import annotations

import base64
import binascii
import dataclasses
import enum
import functools
import math
import types
import typing
from collections.abc import Mapping
from typing import Any, TypeVar

from zephyr_counters.errors import BlobError

T = TypeVar("T")


def to_plain(value: Any) -> Any:
    """Return dictionaries, lists, texts and numbers; bytes become base64."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {one.name: to_plain(getattr(value, one.name)) for one in dataclasses.fields(value)}
    if isinstance(value, enum.Enum):
        return value.name.lower()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, Mapping):
        return {str(key): to_plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_plain(one) for one in value]
    return value


def from_plain(kind: type[T], value: Any, what: str) -> T:
    """Return a `kind` from the result of `to_plain`.

    Args:
        kind: a dataclass.
        value: plain data.
        what: names the value in errors.

    Raises:
        BlobError: a field is missing, unknown or of another type; says which.
    """
    return typing.cast(T, _decode(kind, value, what))


def _decode(kind: Any, value: Any, what: str) -> Any:
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        inner = [one for one in typing.get_args(kind) if one is not types.NoneType]
        return None if value is None else _decode(inner[0], value, what)
    if origin is tuple:
        return _decode_tuple(typing.get_args(kind), value, what)
    if origin is Mapping:
        if not isinstance(value, dict):
            raise BlobError(f"{what} is not an object")
        inner_kind = typing.get_args(kind)[1]
        return {key: _decode(inner_kind, one, f"{what}.{key}") for key, one in value.items()}
    if dataclasses.is_dataclass(kind):
        return _decode_dataclass(typing.cast(type, kind), value, what)
    return _decode_scalar(kind, value, what)


def _decode_tuple(kinds: tuple[Any, ...], value: Any, what: str) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise BlobError(f"{what} is not an array")
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        kinds = (kinds[0],) * len(value)
    if len(kinds) != len(value):
        raise BlobError(f"{what} has {len(value)} items, not {len(kinds)}")
    return tuple(
        _decode(kind, one, f"{what}[{index}]")
        for index, (kind, one) in enumerate(zip(kinds, value, strict=True))
    )


def _decode_dataclass(kind: type, value: Any, what: str) -> Any:
    if not isinstance(value, dict):
        raise BlobError(f"{what} is not an object")
    hints = _hints(kind)
    for name in value:
        if name not in hints:
            raise BlobError(f"{what} has an unknown field {name!r}")
    for name in _required(kind):
        if name not in value:
            raise BlobError(f"{what} has no {name}")
    # A report that was saved before a field was added to a dataclass gets the field's default.
    given = [name for name in hints if name in value]
    return kind(**{name: _decode(hints[name], value[name], f"{what}.{name}") for name in given})


def _decode_scalar(kind: Any, value: Any, what: str) -> Any:
    if issubclass(kind, enum.Enum):
        for member in kind:
            if member.name.lower() == value:
                return member
        raise BlobError(f"{what} is {value!r}, not one of {[one.name.lower() for one in kind]}")
    if kind is bytes:
        try:
            return base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError, TypeError) as error:
            raise BlobError(f"{what} is not base64") from error
    if kind is float and isinstance(value, (int, float)) and not isinstance(value, bool):
        if not math.isfinite(value):
            raise BlobError(f"{what} is not finite")
        return float(value)
    if type(value) is not kind:
        raise BlobError(f"{what} is not of type {kind.__name__}")
    return value


@functools.cache
def _required(kind: type) -> tuple[str, ...]:
    """Fields without a default."""
    missing = dataclasses.MISSING
    return tuple(
        one.name
        for one in dataclasses.fields(typing.cast(Any, kind))
        if one.default is missing and one.default_factory is missing
    )


@functools.cache
def _hints(kind: type) -> dict[str, Any]:
    return {
        one.name: typing.get_type_hints(kind)[one.name]
        for one in dataclasses.fields(typing.cast(Any, kind))
    }
