# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What a board sends, decoded: catalogs, selections, records (docs/blob.md, docs/blob.cddl).

Nothing here needs TVM or a board. Anything wrong with the bytes raises `BlobError`.
"""

from zephyr_counters.blob.catalog import (
    Catalog,
    ClockKind,
    Counter,
    Kind,
    Limits,
    Provider,
    encode_catalog,
)
from zephyr_counters.blob.catalog_decoder import decode_catalog
from zephyr_counters.blob.model_info import DeviceModel, DeviceTensor, decode_model_info
from zephyr_counters.blob.records import Measure, Origin, Record, RecordBlob, decode_records
from zephyr_counters.blob.selection import Selection, decode_selection, encode_selection

__all__ = [
    "Catalog",
    "ClockKind",
    "Counter",
    "DeviceModel",
    "DeviceTensor",
    "Kind",
    "Limits",
    "Measure",
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
]
