# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What a board sends, decoded: catalogs, selections, records (docs/blob.md, docs/blob.cddl).

Nothing here needs TVM or a board. Whatever is wrong with the bytes is a `BlobError`.
"""

from .catalog import Catalog, Counter, Kind, Provider, decode_catalog, encode_catalog
from .model_info import DeviceModel, DeviceTensor, decode_model_info
from .opaque import OpaqueDecoder, find_decoder
from .records import Measure, Origin, Record, RecordBlob, decode_records
from .selection import Selection, decode_selection, encode_selection

__all__ = [
    "Catalog",
    "Counter",
    "DeviceModel",
    "DeviceTensor",
    "Kind",
    "Measure",
    "OpaqueDecoder",
    "Origin",
    "Provider",
    "Record",
    "RecordBlob",
    "Selection",
    "decode_catalog",
    "decode_model_info",
    "decode_records",
    "decode_selection",
    "encode_catalog",
    "encode_selection",
    "find_decoder",
]
