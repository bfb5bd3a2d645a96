# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The functions of the device, one typed method per function.

`rpc.functions` has their names. Each method raises what
`call` raises: BoardError, LinkTimeout, LinkError.
"""

from __future__ import annotations

import itertools
import secrets
import zlib
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from zephyr_counters.blob.catalog import Catalog
from zephyr_counters.blob.catalog_decoder import decode_catalog
from zephyr_counters.blob.model_info import DeviceModel, decode_model_info
from zephyr_counters.blob.records import RecordBlob, decode_records
from zephyr_counters.blob.selection import Selection, encode_selection
from zephyr_counters.errors import BoardError, LinkError
from zephyr_counters.rpc.functions import (
    BEGIN,
    CATALOG,
    END,
    GET_OUTPUT,
    INFO,
    LAYER_TENSOR,
    LAYERS,
    OUTPUT_CRC,
    PROFILE,
    PROFILE_FUNCTION,
    RESET,
    RUN,
    RUN_LAYER,
    SELECT,
    SET_INPUT,
    TAKE,
)

if TYPE_CHECKING:
    import numpy.typing as npt

    Array = npt.NDArray[Any]

_REQUEST_BITS = 31


class DeviceFunctions(ABC):
    """Calls the device's functions through `call`."""

    def __init__(self) -> None:
        self.selection: Selection | None = None
        self._catalog: Catalog | None = None
        # From a random number on, so that an answer to an earlier connection's request differs.
        self._requests = itertools.count(secrets.randbits(_REQUEST_BITS - 1))

    @abstractmethod
    def call(self, name: str, /, *args: Any) -> Any:
        """Call a function of the device by name."""

    def array(self, tensor: Any) -> Array:
        """Return a copy of a tensor on the device."""
        raise NotImplementedError

    def whole(self, name: str) -> bytes:
        """Return all bytes of a function that can start from an offset."""
        return bytes(self.call(name))

    def catalog(self) -> Catalog:
        """Return what the device can count; asked once per connection.

        Raises:
            BlobError: damaged.
            BoardError: the firmware is older than this program.
        """
        if self._catalog is None:
            catalog = decode_catalog(self.whole(CATALOG))
            if catalog.limits is None:
                raise BoardError(
                    "the firmware was built with an earlier version of zephyr-counters",
                    "make the project anew and flash it: tvmc micro create, build, flash",
                )
            self._catalog = catalog
        return self._catalog

    def select(self, selection: Selection) -> Selection:
        """Set what is measured from now on; records not yet taken are forgotten.

        Returns:
            the selection with the number of this request as its id: records belong to that one.
        """
        selection = replace(selection, id=self._next_request())
        self.call(SELECT, bytearray(encode_selection(selection)))
        self.selection = selection
        return selection

    def take_bytes(self) -> tuple[bytes, RecordBlob]:
        """As take(), with the bytes as the device sent them."""
        request = self._next_request()
        data = bytes(self.call(TAKE, request))
        return data, decode_records(data, self.catalog(), self.selection, request)

    def take(self) -> RecordBlob:
        """Return the oldest records, as many as fit one packet; `remaining` says how many are left.

        `dropped` records were lost on the device: the caller raises RecordsLost.

        Raises:
            BlobError: damaged, or an answer to another request.
        """
        return self.take_bytes()[1]

    def begin(self, tag: int) -> None:
        """Begin a region of the user with `tag` (0..2^32-2)."""
        self.call(BEGIN, tag)

    def end(self) -> None:
        """End the innermost region."""
        self.call(END)

    @contextmanager
    def region(self, tag: int) -> Iterator[None]:
        """Measure what happens on the device meanwhile, as a record with `tag`."""
        self.begin(tag)
        try:
            yield
        finally:
            self.end()

    def model_info(self) -> DeviceModel:
        """Return the model that the firmware holds.

        Raises:
            BlobError: damaged.
        """
        return decode_model_info(bytes(self.call(INFO)))

    def set_input(self, index: int, array: Array) -> None:
        """Set an input of the model; it stays until it is set again.

        Raises:
            BoardError: it was damaged on its way, by its CRC-32.
        """
        self.call(SET_INPUT, index, array, _crc(array))

    def run(self) -> None:
        """Run the model once."""
        self.call(RUN)

    def run_layer(self, layer: int) -> None:
        """Run one layer of the model; those before it must have run, in order."""
        self.call(RUN_LAYER, layer)

    def layer_tensor(self, layer: int, argument: int, nbytes: int) -> bytes:
        """Return the elements of a tensor that a layer takes, or has just written.

        Args:
            layer: index of the layer.
            argument: index of the tensor: inputs first, outputs last.
            nbytes: how many there are.

        Raises:
            BoardError: the tensor is smaller.
        """
        data = b""
        while len(data) < nbytes:
            part = bytes(self.call(LAYER_TENSOR, layer, argument, len(data)))
            if not part:
                raise BoardError(f"tensor {argument} of layer {layer} has {len(data)} bytes")
            data += part
        return data[:nbytes]

    def get_output(self, index: int) -> Array:
        """Return an output of the last run.

        Raises:
            LinkError: it was damaged on its way, by its CRC-32.
        """
        array = self.array(self.call(GET_OUTPUT, index))
        if _crc(array) != self.output_crc(index):
            raise LinkError(f"output {index} was damaged on its way", "get it again")
        return array

    def reset(self) -> None:
        """Give the model's state, such as that of recurrent layers, its first values."""
        self.call(RESET)

    def output_crc(self, index: int) -> int:
        """Return the CRC-32 of an output of the last run, without its highest bit."""
        return int(self.call(OUTPUT_CRC, index))

    def profile(self, repeat: int, number: int = 1) -> None:
        """Run the model `repeat` times, with a record for each layer and one for the whole.

        Its state has its first values before each time.

        Args:
            repeat: how many times.
            number: calls of each layer in a row, which make up one record.
        """
        self.call(PROFILE, repeat, *([number] if number > 1 else []))

    def profile_function(self, name: str, number: int, repeat: int, *tensors: Any) -> None:
        """Record `repeat` times `number` calls of one kernel with `tensors` as arguments."""
        self.call(PROFILE_FUNCTION, name, number, repeat, *tensors)

    def layers(self) -> list[str]:
        """Return the operators of the C runtime's graph executor, in the order of their tags."""
        return self.whole(LAYERS).decode(errors="replace").splitlines()

    def _next_request(self) -> int:
        return next(self._requests) % (1 << _REQUEST_BITS)


def _crc(array: Array) -> int:
    """Return the CRC-32 of a tensor's elements without its highest bit, as the device has it."""
    return zlib.crc32(array.tobytes()) & 0x7FFFFFFF
