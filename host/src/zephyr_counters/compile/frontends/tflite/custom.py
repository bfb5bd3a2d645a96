# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Options of custom operators: a FlexBuffers map (https://flatbuffers.dev/flexbuffers)."""

from __future__ import annotations

from typing import Any

from zephyr_counters.compile.frontends.tflite.context import Unsupported
from zephyr_counters.compile.frontends.tflite.file import Operator


class Options:
    """Numbers by name; one that is absent is 0, as TensorFlow Lite Micro reads it."""

    def __init__(self, op: Operator) -> None:
        from flatbuffers import flexbuffers

        try:
            self._map = flexbuffers.GetRoot(bytearray(op.custom)).AsMap
        except Exception as error:
            raise Unsupported("its options are not a FlexBuffers map") from error

    def _get(self, name: str) -> Any:
        try:
            return self._map[name]
        except KeyError:
            return None
        except Exception as error:
            raise Unsupported(f"its option {name} cannot be read") from error

    def has(self, name: str) -> bool:
        """Whether there is an option of that name."""
        return self._get(name) is not None

    def integer(self, name: str) -> int:
        """Return an integer."""
        return int(self._number(name, "AsInt"))

    def real(self, name: str) -> float:
        """Return a real number."""
        return float(self._number(name, "AsFloat"))

    def boolean(self, name: str) -> bool:
        """Return a truth value."""
        return bool(self._number(name, "AsBool"))

    def _number(self, name: str, kind: str) -> Any:
        found = self._get(name)
        try:
            return 0 if found is None else getattr(found, kind)
        except Exception as error:
            raise Unsupported(f"its option {name} is no number") from error


def checked(condition: bool, what: str) -> None:
    """Refuse an operator that TensorFlow Lite Micro refuses, too, or computes by accident.

    Raises:
        Unsupported: the condition does not hold.
    """
    if not condition:
        raise Unsupported(what)
