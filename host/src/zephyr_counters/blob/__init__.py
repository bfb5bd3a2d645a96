# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What a board sends, decoded: catalogs, selections, records (docs/blob.md, docs/blob.cddl).

Nothing here needs TVM or a board. Whatever is wrong with the bytes is a `BlobError`.
"""

from zephyr_counters.blob.catalog import (
    Catalog,
    Counter,
    Kind,
    Provider,
    decode_catalog,
    encode_catalog,
)
from zephyr_counters.blob.model_info import DeviceModel, DeviceTensor, decode_model_info
from zephyr_counters.blob.records import Measure, Origin, Record, RecordBlob, decode_records
from zephyr_counters.blob.selection import Selection, decode_selection, encode_selection

__all__ = [
    "Catalog",
    "Counter",
    "DeviceModel",
    "DeviceTensor",
    "Kind",
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
