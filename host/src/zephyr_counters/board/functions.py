# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The functions that every firmware of this package has, typed.

Each raises what Board.call() raises: BoardError, LinkTimeout, LinkError.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy.typing as npt

if TYPE_CHECKING:
    from zephyr_counters.blob import Catalog, DeviceModel, RecordBlob, Selection

Array = npt.NDArray[Any]


class DeviceFunctions(ABC):
    """Calls them through call()."""

    def __init__(self) -> None:
        self.selection: Selection | None = None
        self._catalog: Catalog | None = None

    @abstractmethod
    def call(self, name: str, *args: Any) -> Any:
        """Call a function of the board by name."""

    @abstractmethod
    def array(self, tensor: Any) -> Array:
        """Return a copy of a tensor on the board."""

    def catalog(self) -> Catalog:
        """Return what the board can count; asked once a connection. Also BlobError."""
        from zephyr_counters.blob import decode_catalog

        if self._catalog is None:
            self._catalog = decode_catalog(bytes(self.call("hwcnt.catalog")))
        return self._catalog

    def select(self, selection: Selection) -> None:
        """Set what is measured from now on; records not yet taken are forgotten."""
        from zephyr_counters.blob import encode_selection

        self.call("hwcnt.select", encode_selection(selection))
        self.selection = selection

    def take(self) -> RecordBlob:
        """Return the oldest records, as many as fit one packet; `remaining` says how many are left.

        `dropped` records were lost on the board: the caller raises RecordsLost. Also BlobError.
        """
        from zephyr_counters.blob import decode_records

        data = bytes(self.call("hwcnt.take"))
        return decode_records(data, self.catalog(), self.selection)

    @contextmanager
    def region(self, tag: int) -> Iterator[None]:
        """Measure what happens on the board meanwhile, as a record with `tag` (0..2^32-1)."""
        self.call("hwcnt.begin", tag)
        try:
            yield
        finally:
            self.call("hwcnt.end")

    def model_info(self) -> DeviceModel:
        """Return what the board says of its model. Also BlobError."""
        from zephyr_counters.blob import decode_model_info

        return decode_model_info(bytes(self.call("model.info")))

    def set_input(self, index: int, array: Array) -> None:
        """Set an input of the model; stays until it is set again."""
        self.call("model.set_input", index, array)

    def run(self) -> None:
        """Run the model once."""
        self.call("model.run")

    def get_output(self, index: int) -> Array:
        """Return an output of the last run."""
        return self.array(self.call("model.get_output", index))

    def reset(self) -> None:
        """Give the model's state, such as that of recurrent layers, its first values."""
        self.call("model.reset")

    def profile(self, repeat: int) -> None:
        """Run the model `repeat` times, recording each layer and the whole."""
        self.call("model.profile", repeat)

    def profile_function(self, name: str, number: int, repeat: int, *tensors: Any) -> None:
        """Record `repeat` times `number` calls of one kernel with `tensors` as arguments."""
        self.call("model.profile_function", name, number, repeat, *tensors)
