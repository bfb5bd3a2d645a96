# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Catalogs, selections and records: what is right decodes, what is wrong says what."""

from __future__ import annotations

import re
import struct
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import pytest
from blob_items import SELECTION, records_item
from fake_board import BYTES, COUNT, CYCLES, FIXED, LEVEL, catalog_item, cbor, sealed
from zephyr_counters.blob import (
    DeviceTensor,
    Kind,
    Origin,
    Selection,
    decode_catalog,
    decode_model_info,
    decode_records,
    decode_selection,
    encode_catalog,
    encode_selection,
)
from zephyr_counters.errors import BlobError

DOCS = Path(__file__).parents[2] / "docs"


def decode(item: list[Any]) -> Any:
    return decode_records(sealed(item), decode_catalog(cbor(catalog_item())), SELECTION)


def test_catalog() -> None:
    data = cbor(catalog_item())
    catalog = decode_catalog(data)
    assert (catalog.board, catalog.runtime, catalog.clock_hz) == ("fake", "tvm-ffi", 10**9)
    core, npu, broken = catalog.providers
    assert (core.slots, core.clock_hz, core.unavailable) == (2, 100_000_000, None)
    assert core.counters[0].fixed and core.counters[0].running and not core.counters[1].fixed
    assert [one.kind for one in npu.counters] == [Kind.COUNT, Kind.COUNT, Kind.LEVEL, Kind.BYTES]
    assert broken.unavailable == "no permission"
    assert encode_catalog(catalog) == data
    assert catalog.crc == zlib.crc32(data)


def test_selection_goes_both_ways() -> None:
    assert encode_selection(SELECTION) == cbor([2, 0, 1, [[1, [0, 3, 2]], [0, [0]]]])
    assert decode_selection(encode_selection(SELECTION)) == SELECTION
    assert decode_selection(encode_selection(Selection())) == Selection()


def test_positions_tell_places_from_values() -> None:
    positions = SELECTION.positions(decode_catalog(cbor(catalog_item())))
    assert [(one.name, one.index, one.value) for one in positions] == [
        ("npu:macs", 0, 0),
        ("npu:log", 1, None),
        ("npu:queue", 2, 1),
        ("core:cycles", 3, 2),
    ]


def test_records() -> None:
    blob = decode(records_item())
    assert (blob.dropped, blob.remaining, blob.stuck) == (2, 1, {3})
    first, second = blob.records
    assert (first.tag, first.repetition, first.origin) == (4, 1, Origin.LAYER)
    assert first.unfinished and first.cut and first.irq_locked
    assert first.values == (640, 9, 20)
    assert first.opaque == {1: b"\x01\x02"}
    assert (second.origin, second.opaque) == (Origin.WHOLE, {})


@pytest.mark.parametrize(
    ("counter", "clock_hz", "limit"),
    # At 1 GHz of ticks: 2^width of them, by how much faster the counter may be.
    [
        (["c", "1", 8, COUNT, FIXED, 1, ""], 2 * 10**9, 2**8 // 2),
        (["c", "1", 32, COUNT, FIXED, 4, ""], 2 * 10**9, 2**32 // 8),
        (["c", "1", 48, COUNT, FIXED, 0, ""], 10**8, 10 * 2**48),
        (["c", "1", 16, COUNT, FIXED, 0, ""], 0, 2**16),
        (["c", "1", 1, COUNT, FIXED, 1, ""], 3 * 10**9, 0),
    ],
)
def test_what_may_have_wrapped(counter: list[Any], clock_hz: int, limit: int) -> None:
    safe = [["level", "1", 8, LEVEL, FIXED, 0, ""], ["wide", "1", 64, COUNT, FIXED, 255, ""]]
    item = catalog_item([provider(clock_hz=clock_hz, counters=[*safe, counter])])
    catalog, selection = decode_catalog(cbor(item)), Selection(False, ((0, (0, 1, 2)),))
    lasted = (max(0, limit - 1), limit, limit + 1, 2**63)
    data = sealed(
        records_item(
            catalog_crc=catalog.crc,
            selection_crc=selection.crc,
            overhead=[0, 0, 0, 0],
            nested=[0, 0, 0, 0],
            stuck=[],
            records=[[0, 0, 0, ticks, 0, 0, 0] for ticks in lasted],
        )
    )
    found = [record.wrapped for record in decode_records(data, catalog, selection).records]
    assert found == [{2} if ticks >= limit else set() for ticks in lasted]


def test_the_cost_of_measuring_is_subtracted_but_not_from_levels_and_never_below_0() -> None:
    blob = decode(records_item())
    assert blob.corrected(blob.records[0]).values == (639, 9, 8)
    whole = blob.corrected(blob.records[1], inner=2)
    assert (whole.ticks, whole.values) == (0, (0, 3, 0))


def test_records_decode_without_their_catalog_and_selection() -> None:
    blob = decode_records(sealed(records_item()))
    assert blob.positions == ()
    assert blob.records[0].values == (640, 9, 20)
    assert blob.records[0].wrapped == frozenset()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"version": 1}, "version 1, this program knows 2 and 3"),
        ({"catalog_crc": 1}, "another catalog"),
        ({"selection_crc": 1}, "another selection"),
        ({"overhead": [7, 1, 0]}, "overhead has 2 values, 3 are selected"),
        ({"nested": []}, "nested is empty"),
        ({"stuck": [4]}, "stuck is 4"),
        ({"stuck": [1, 1]}, "twice"),
        ({"dropped": "none"}, "dropped is not an integer"),
        ({"records": [[4, 1, 1, 1000, 640, 9]]}, "record 0 has 2 values, 3 are selected"),
        ({"records": [[1 << 32, 1, 1, 1000, 640, 9, 20]]}, "tag of record 0"),
        ({"records": [[4, 1 << 16, 1, 1000, 640, 9, 20]]}, "repetition of record 0"),
        ({"records": [[4, 1, 0x20, 1000, 640, 9, 20]]}, "flags of record 0"),
        ({"records": [[4, 1, 1, "long", 640, 9, 20]]}, "ticks of record 0"),
        ({"records": [[4, 1, 1, 1000, 1 << 32, 9, 20]]}, "value 0 of record 0"),
        ({"records": [[4, 1, 1, 1000, 1, 256, 20]]}, "value 1 of record 0"),
        ({"records": [[4, 1, 1, 1000, 1, 2, 20, {}]]}, "empty map"),
        ({"records": [[4, 1, 1, 1000, 1, 2, 20, {0: b""}]]}, "position 0"),
        ({"records": [[4, 1, 1, 1000, 1, 2, 20, {1: "text"}]]}, "not bytes"),
        ({"records": 5}, "records is not an array"),
    ],
)
def test_records_against_the_schema(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(BlobError, match=re.escape(message)):
        decode(records_item(**changes))


def test_damage_is_told_from_a_foreign_blob() -> None:
    data = bytearray(sealed(records_item()))
    data[10] ^= 1
    with pytest.raises(BlobError, match="damaged: their CRC-32"):
        decode_records(bytes(data))
    for length in range(5):
        with pytest.raises(BlobError, match="cut short"):
            decode_records(bytes(data[:length]))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x81",
        b"\x9f\xff",
        b"\x81" * 60000,
        b"\x9b" + b"\xff" * 8,
        b"\xd8\x1c" * 2000 + b"\x00",
        cbor(catalog_item()) + b"\x00",
        cbor(catalog_item())[:-1],
        b"\x98\x06" + cbor(catalog_item())[1:],
    ],
)
def test_not_cbor_or_not_its_shortest(data: bytes) -> None:
    with pytest.raises(BlobError):
        decode_catalog(data)
    with pytest.raises(BlobError):
        decode_records(data + struct.pack(">I", zlib.crc32(data)))
    with pytest.raises(BlobError):
        decode_selection(data)
    with pytest.raises(BlobError):
        decode_model_info(data)


def provider(**changes: object) -> list[Any]:
    fields = {
        "name": "p",
        "compatible": "a,b",
        "slots": 0,
        "clock_hz": 0,
        "unavailable": None,
        "clock": 0,
        "flags": 0,
        "counters": [CYCLES],
    }
    return list({**fields, **changes}.values())


@pytest.mark.parametrize(
    ("providers", "message"),
    [
        ([provider(), provider()], "two providers are named p"),
        ([provider(name="")], "name of provider 0 is empty"),
        ([provider(name="a:b")], "has a colon"),
        ([provider(name="a\x1b[2J")], "cannot be printed"),
        ([provider(unavailable=0)], "unavailable of provider p is not text"),
        ([provider(counters=[CYCLES, CYCLES])], "named cycles"),
        ([provider(counters=[["c", "1", 0, COUNT, 0, 0, ""]])], "width of 0 bits"),
        ([provider(counters=[["c", "1", 8, BYTES, 0, 0, ""]])], "width of 8 bits"),
        ([provider(counters=[["c", "1", 65, LEVEL, 0, 0, ""]])], "width of counter 0"),
        ([provider(counters=[["c", "1", 8, 3, FIXED, 0, ""]])], "kind of counter 0"),
        ([provider(counters=[["c", "1", 8, COUNT, 8, 0, ""]])], "flags of counter 0"),
        ([provider(clock=4)], "clock of provider p"),
        ([provider(flags=2)], "flags of provider p"),
        ([provider(counters=[["c", "1", 8, COUNT, 0, 0, "x" * 2000]])], "longer than"),
    ],
)
def test_catalog_against_the_schema(providers: list[Any], message: str) -> None:
    with pytest.raises(BlobError, match=re.escape(message)):
        decode_catalog(cbor(catalog_item(providers)))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({0: 3}, "catalog has version 3, this program knows 1 and 2"),
        ({0: 1}, "catalog has 15 items, not 6"),
        ({3: 0}, "clock_hz is 0"),
        ({4: 4}, "kind of catalog's clock"),
        ({5: ""}, "name of catalog's clock is empty"),
        ({7: 0}, "records of 0 bytes"),
        ({13: 1 << 32}, "catalog's limits is 4294967296"),
    ],
)
def test_clock_and_limits_of_a_catalog(changes: dict[int, object], message: str) -> None:
    item = catalog_item()
    for index, wrong in changes.items():
        item[index] = wrong
    with pytest.raises(BlobError, match=re.escape(message)):
        decode_catalog(cbor(item))


def test_how_many_records_a_buffer_holds() -> None:
    catalog = decode_catalog(cbor(catalog_item(record_bytes=1000)))
    # 24 bytes with a value, 8 more for each further value, and room for one more record.
    assert [catalog.record_capacity(values) for values in (0, 1, 2, 10)] == [40, 40, 30, 9]
    assert decode_catalog(cbor(catalog_item(record_bytes=10))).record_capacity(1) == 0


def test_an_answer_to_another_request() -> None:
    data = sealed(records_item())
    assert decode_records(data, request=5).request == 5
    with pytest.raises(BlobError, match="answer request 5, not 6"):
        decode_records(data, request=6)


def test_selection_outside_the_catalog() -> None:
    catalog = decode_catalog(cbor(catalog_item()))
    with pytest.raises(BlobError, match="provider 7"):
        Selection(False, ((7, (0,)),)).positions(catalog)
    with pytest.raises(BlobError, match="counter 9 of core"):
        Selection(False, ((0, (9,)),)).positions(catalog)
    wrong = ([[0, []]], [[0, [1, 1]]], [[0, [1]], [0, [2]]], [[0]])
    for item in (
        [],
        [2],
        [2, 0, 0],
        [3, 0, 0, []],
        [2, 1 << 32, 0, []],
        [2, 0, 2, []],
        [2, 0, 0, 5],
        *([0, *groups] for groups in wrong),
        *([2, 0, 0, groups] for groups in wrong),
    ):
        with pytest.raises(BlobError):
            decode_selection(cbor(item))


def test_model_info() -> None:
    item = [2, "toy", bytes(32), 3, 2, [[0, 8, [1, 8]]], [[2, 32, []], [6, 8, []]], 5, 8192]
    model = decode_model_info(cbor(item))
    assert (model.name, model.layers, model.kernels, model.packet_bytes) == ("toy", 3, 2, 8192)
    assert model.inputs[0] == DeviceTensor("int8", (1, 8))
    assert [one.dtype for one in model.outputs] == ["float32", "bool"]
    for index, wrong in (
        (0, 1),
        (2, bytes(31)),
        (3, -1),
        (5, [[0, 8]]),
        (6, [[3, 64, [1]]]),
        (6, [[0, 256, [1]]]),
    ):
        damaged = list(item)
        damaged[index] = wrong
        with pytest.raises(BlobError):
            decode_model_info(__import__("cbor2").dumps(damaged))


def schema(rule: str, opaque: bool = False) -> str:
    """The CDDL that starts at a rule.

    pycddl matches neither `* uint` nor an optional item once others follow in an array, so a
    record is spelled out: three values, opaque bytes or none.
    """
    text = (DOCS / "blob.cddl").read_text()
    before, record = text.split("\nrecord = [")
    record = record.replace("* uint,", "uint, uint, uint,", 1)
    record = re.sub(r"\? (opaque: .*?},)", r"\1" if opaque else "", record)
    return f"start = {rule}\n{before}\nrecord = [{record}"


def test_schema_and_decoder_agree() -> None:
    pycddl = pytest.importorskip("pycddl")
    with_bytes, without = records_item()[-1]
    item = [2, "toy", bytes(32), 3, 2, [[0, 8, [1, 8]]], [], 5, 8192]
    for text, data in (
        (schema("catalog"), cbor(catalog_item())),
        (schema("selection"), encode_selection(SELECTION)),
        (schema("records"), cbor(records_item(records=[without]))),
        (schema("records", opaque=True), cbor(records_item(records=[with_bytes]))),
        (schema("model-info"), cbor(item)),
    ):
        pycddl.Schema(text).validate_cbor(data)
    with pytest.raises(pycddl.ValidationError):
        pycddl.Schema(schema("records")).validate_cbor(cbor(records_item(version=1)))


def test_the_example_in_the_documentation() -> None:
    """The bytes that docs/blob.md shows and explains are what it says they are."""
    blocks = re.findall(r"```hex\n(.*?)```", (DOCS / "blob.md").read_text(), re.DOTALL)
    catalog_data, selection_data, data = (
        bytes.fromhex("".join(line.partition("#")[0] for line in block.splitlines()))
        for block in blocks
    )
    catalog = decode_catalog(catalog_data)
    selection = decode_selection(selection_data)
    blob = decode_records(data, catalog, selection)
    assert [one.name for one in blob.positions] == ["core:cycles", "npu:macs"]
    (record,) = blob.records
    assert (record.tag, record.origin, record.ticks) == (3, Origin.LAYER, 1500)
    assert record.values == (96000, 4096)
    assert blob.corrected(record).values == (95936, 4096)


def test_decoding_needs_neither_tvm_nor_pandas() -> None:
    code = (
        "import sys, zephyr_counters.blob, zephyr_counters.report.report\n"
        "import zephyr_counters.cli.main\n"
        "sys.exit(any(name in sys.modules for name in ('tvm', 'pandas', 'numpy')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
