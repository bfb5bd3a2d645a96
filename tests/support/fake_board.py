# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A board that is not there: answers device functions from memory, with bytes of its own making.

It encodes with an encoder of its own, so that a decoder's mistake is not repeated here.
"""

from __future__ import annotations

import struct
import types
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from zephyr_counters.board.functions import DeviceFunctions
from zephyr_counters.errors import BoardError
from zephyr_counters.formats.model_archive import Layer, Memory, Tensor
from zephyr_counters.rpc.functions import PROFILE


def uint(value: int, major: int = 0) -> bytes:
    """CBOR's head: major type and a number, as short as can be."""
    if value < 24:
        return bytes([major << 5 | value])
    for code, form, limit in ((24, ">B", 1 << 8), (25, ">H", 1 << 16), (26, ">I", 1 << 32)):
        if value < limit:
            return bytes([major << 5 | code]) + struct.pack(form, value)
    return bytes([major << 5 | 27]) + struct.pack(">Q", value)


def cbor(item: object) -> bytes:
    """Encode integers, texts, bytes, None, lists and dictionaries."""
    if item is None:
        return b"\xf6"
    if isinstance(item, int):
        return uint(item)
    if isinstance(item, bytes):
        return uint(len(item), 2) + item
    if isinstance(item, str):
        return uint(len(item.encode()), 3) + item.encode()
    if isinstance(item, dict):
        parts = [cbor(key) + cbor(value) for key, value in item.items()]
        return uint(len(item), 5) + b"".join(parts)
    assert isinstance(item, list)
    return uint(len(item), 4) + b"".join(cbor(one) for one in item)


def sealed(item: object) -> bytes:
    """Encode and append the CRC-32."""
    data = cbor(item)
    return data + struct.pack(">I", zlib.crc32(data))


COUNT, LEVEL, BYTES = 0, 1, 2
NO_CLOCK, CORE, TIMER = 0, 1, 2
# Bytes of a record with one value, and of each further value.
RECORD_SIZES = (24, 8)
# 2^32 cycles of 100 MHz, in ticks.
LONG = 2**32 * 10
FIXED, RUNNING = 1, 2
CYCLES = ["cycles", "cycles", 32, COUNT, FIXED | RUNNING, 1, "CPU cycles"]


def catalog_item(
    providers: list[Any] | None = None, record_bytes: int = 65536, counters: int = 32
) -> list[Any]:
    """A catalog as plain data; `counters` can be selected at once."""
    if providers is None:
        providers = [
            [
                "core",
                "arm,pmu",
                2,
                100_000_000,
                None,
                CORE,
                0,
                [
                    CYCLES,
                    ["instructions", "instructions", 32, COUNT, 0, 4, "retired"],
                    ["stall-cycles", "cycles", 32, COUNT, 0, 1, "waiting"],
                    ["branches", "1", 32, COUNT, 0, 1, "taken or not"],
                    ["branch-misses", "1", 32, COUNT, 0, 1, "wrong guesses"],
                ],
            ],
            [
                "npu",
                "acme,npu",
                0,
                0,
                None,
                NO_CLOCK,
                0,
                [
                    ["macs", "1", 32, COUNT, FIXED, 64, "multiplications"],
                    ["busy", "cycles", 32, COUNT, FIXED, 1, "working"],
                    ["queue", "1", 8, LEVEL, FIXED, 0, "high-water mark"],
                    ["log", "bytes", 0, BYTES, FIXED, 0, "jobs"],
                ],
            ],
            [
                "broken",
                "acme,none",
                1,
                0,
                "no permission",
                NO_CLOCK,
                0,
                [
                    ["cycles", "cycles", 64, COUNT, 0, 0, ""],
                ],
            ],
        ]
    clock = [1_000_000_000, TIMER, "fake"]
    limits = [record_bytes, *RECORD_SIZES, counters, 16, 256, 8192, 65536]
    return [2, "fake", "tvm-ffi", *clock, *limits, providers]


@dataclass
class FakeBoard(DeviceFunctions):
    """Answers like a device; the values are a function of layer, repetition and counter.

    Attributes:
        record_bytes: the record buffer's true size, if it is not what the catalog says.
        take_records: records in one take.
        stuck: names of counters that do not advance.
        impure: what each call of a layer adds to the outputs.
        wrapped: (layer, repetition) that lasts so long that counters of 32 bits may have wrapped.
    """

    described: list[Any] = field(default_factory=catalog_item)
    record_bytes: int = 0
    layers: int = 3  # type: ignore[assignment]
    take_records: int = 7
    stuck: tuple[str, ...] = ()
    wrapped: tuple[int, int] | None = None
    hash: bytes = bytes(32)
    overhead: int = 5
    nested: int = 11
    calls: list[Any] = field(default_factory=list)
    inputs: dict[int, object] = field(default_factory=dict)
    noise: Callable[[int], int] = lambda repetition: 0
    slower: int = 0
    fail: str = ""
    impure: int = 0
    outputs: int = 0
    name: str = "fake"
    project: object = None
    _selection: bytes = b"\x84\x02\x00\x00\x80"
    _positions: list[Any] = field(default_factory=list[Any])
    _records: list[Any] = field(default_factory=list[Any])
    _dropped: int = 0
    _number: int = 1

    def __post_init__(self) -> None:
        super().__init__()

    def call(self, name: str, /, *args: object) -> object:
        self.calls.append((name, args))
        if name == self.fail:
            raise BoardError(f"{name}: told to fail")
        if name == PROFILE:
            self._number = int(str(args[1])) if len(args) > 1 else 1
            args = args[:1]
        return getattr(self, "_" + name.replace(".", "_"))(*args)

    def set_input(self, index: int, value: object) -> None:
        self.inputs[index] = value

    def _hwcnt_catalog(self) -> bytearray:
        return bytearray(cbor(self.described))

    def _model_info(self) -> bytes:
        tensors = [[0, 8, [1, 8, 8, 1]]]
        crc = zlib.crc32(cbor(self.described))
        return cbor([2, "toy", self.hash, self.layers, 2, tensors, tensors, crc, 8192])

    def _hwcnt_select(self, data: bytes) -> None:
        import cbor2

        _, _, _, groups = cbor2.loads(data)
        positions = []
        for provider, counters in groups:
            name, _, slots, _, unavailable, _, _, described = self.described[-1][provider]
            needed = sum(not described[one][4] & FIXED for one in counters)
            if unavailable:
                raise BoardError(f"provider unavailable: {name}")
            if needed > slots:
                raise BoardError(f"too many for its slots: {name}")
            positions += [(f"{name}:{described[one][0]}", described[one]) for one in counters]
        most = self.described[9]
        if len(positions) > most:
            raise BoardError(f"selection has more counters than: {most}")
        self._selection, self._positions, self._records = bytes(data), positions, []

    def _value(self, name: str, kind: int, tag: int, repetition: int, inner: int) -> int:
        if name in self.stuck:
            return 0
        if kind == LEVEL:
            return 3
        base = 1000 * (tag + 1) + 10 * len(name) + self.slower + self.noise(repetition)
        return base * self._number + self.overhead + inner * self.nested

    def _record(self, tag: int, repetition: int, origin: int, inner: int = 0) -> None:
        numbers = [one for one in self._positions if one[1][3] != BYTES]
        size = RECORD_SIZES[0] + RECORD_SIZES[1] * max(0, len(numbers) - 1)
        # One more has to fit: where a region is recorded when the buffer is full.
        if (len(self._records) + 2) * size > (self.record_bytes or self.described[6]):
            self._dropped += 1
            return
        ticks = self._value("ticks", COUNT, tag, repetition, inner)
        record = [tag, repetition, origin, LONG if self.wrapped == (tag, repetition) else ticks]
        record += [self._value(one, info[3], tag, repetition, inner) for one, info in numbers]
        log = {
            index: bytes([tag, repetition])
            for index, one in enumerate(self._positions)
            if one[1][3] == BYTES
        }
        self._records.append([*record, log] if log else record)

    def _model_profile(self, repeat: int) -> None:
        self.outputs += self.impure * self._number
        for repetition in range(repeat):
            for layer in range(self.layers):
                self._record(layer, repetition, 1)
            self._record(self.layers, repetition, 2, self.layers)

    def _model_profile_function(
        self, name: str, number: int, repeat: int, *tensors: object
    ) -> None:
        for repetition in range(repeat):
            self._record(1, repetition, 3)

    def _model_reset(self) -> None:
        self.outputs = 0

    def _model_output_crc(self, index: int) -> int:
        return self.outputs

    def _hwcnt_begin(self, tag: int) -> None:
        self._record(tag, 0, 0)

    def _hwcnt_end(self) -> None:
        pass

    def _measure(self, unit: int) -> list[int]:
        numbers = [info for _, info in self._positions if info[3] != BYTES]
        return [unit, *(0 if info[3] == LEVEL else unit for info in numbers)]

    def _hwcnt_take(self, request: int) -> bytes:
        now, self._records = (
            self._records[: self.take_records],
            self._records[self.take_records :],
        )
        dropped, self._dropped = self._dropped, 0
        stuck = [index for index, one in enumerate(self._positions) if one[0] in self.stuck]
        return sealed(
            [
                3,
                request,
                zlib.crc32(cbor(self.described)),
                zlib.crc32(self._selection),
                self._measure(self.overhead),
                self._measure(self.nested),
                stuck,
                dropped,
                len(self._records),
                now,
            ]
        )


def archive(layers: int = 3, digest: bytes = bytes(32)) -> object:
    """What a profile looks at in a model's archive."""
    tensor = Tensor("x", (1, 8), "int8")
    return types.SimpleNamespace(
        hash=digest,
        name="toy",
        target="c",
        metadata={"tvm": "0.27"},
        metadata_bytes=b"{}",
        kernels=("conv", "dense"),
        inputs=(Tensor("image", (1, 8, 8, 1), "int8"),),
        memory=Memory(100, 20, 3000),
        layers=tuple(
            Layer(
                index, f"conv_{index}", "conv", ("conv2d",), (tensor,), (tensor,), 640, 64, 8, "npu"
            )
            for index in range(layers)
        ),
    )
