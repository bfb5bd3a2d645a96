# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""`model.info`: which model a firmware holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from zephyr_counters.blob import cbor
from zephyr_counters.errors import BlobError

VERSION = 2
LIMIT = 1 << 16
"""Most bytes of a model's description."""

_HASH_BYTES = 32

_DLPACK_CODES = {0: "int", 1: "uint", 2: "float", 4: "bfloat", 6: "bool"}


@dataclass(frozen=True)
class DeviceTensor:
    """An input or output of the model: dtype as TVM writes it (`int8`), shape."""

    dtype: str
    shape: tuple[int, ...]


@dataclass(frozen=True)
class DeviceModel:
    """The model that a firmware holds.

    Attributes:
        hash: SHA-256 of the metadata of the archive it was built from.
        layers: how many layers a run has.
        kernels: how many functions it has.
        catalog_crc: CRC-32 of the board's catalog.
        packet_bytes: largest RPC packet that the board takes.
    """

    name: str
    hash: bytes
    layers: int
    kernels: int
    inputs: tuple[DeviceTensor, ...]
    outputs: tuple[DeviceTensor, ...]
    catalog_crc: int
    packet_bytes: int


def decode_model_info(data: bytes) -> DeviceModel:
    """Decode what `model.info` returns.

    Raises:
        BlobError: damaged, of another version, or against the schema.
    """
    root = cbor.load(bytes(data), "model info", LIMIT)
    cbor.version(root, "model info", (VERSION,))
    fields = cbor.array(root, "model info", 9)
    digest = fields[2]
    if not isinstance(digest, bytes) or len(digest) != _HASH_BYTES:
        raise BlobError(f"model info's hash is not {_HASH_BYTES} bytes")
    return DeviceModel(
        name=cbor.text(fields[1], "model's name"),
        hash=digest,
        layers=cbor.uint(fields[3], "model's layers", cbor.U32),
        kernels=cbor.uint(fields[4], "model's kernels", cbor.U32),
        inputs=_tensors(fields[5], "inputs"),
        outputs=_tensors(fields[6], "outputs"),
        catalog_crc=cbor.uint(fields[7], "catalog_crc", cbor.U32),
        packet_bytes=cbor.uint(fields[8], "packet_bytes", cbor.U32),
    )


def _tensors(item: Any, what: str) -> tuple[DeviceTensor, ...]:
    found = []
    for index, one in enumerate(cbor.array(item, what)):
        code, bits, shape = cbor.array(one, f"{what}[{index}]", 3)
        found.append(
            DeviceTensor(
                _dtype(code, bits, f"dtype of {what}[{index}]"),
                tuple(
                    cbor.uint(extent, f"shape of {what}[{index}]")
                    for extent in cbor.array(shape, f"shape of {what}[{index}]", limit=16)
                ),
            )
        )
    return tuple(found)


def _dtype(code: Any, bits: Any, what: str) -> str:
    name = _DLPACK_CODES.get(cbor.uint(code, f"code of {what}"))
    if name is None:
        raise BlobError(f"{what} has the code {code}, which DLPack does not name")
    width = cbor.uint(bits, f"bits of {what}", 256)
    return name if name == "bool" else f"{name}{width}"
