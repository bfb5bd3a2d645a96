# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Blobs of every version that a firmware ever sent decode to what they always meant."""

from __future__ import annotations

import dataclasses
import enum
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from zephyr_counters.blob import (
    Catalog,
    Selection,
    decode_catalog,
    decode_model_info,
    decode_records,
    decode_selection,
    encode_catalog,
    encode_selection,
)
from zephyr_counters.cli.main import main
from zephyr_counters.errors import BlobError

VECTORS = json.loads(
    (Path(__file__).parents[1] / "vectors" / "blob.json").read_text(encoding="utf-8")
)["vectors"]


def plain(value: Any) -> Any:
    """Dataclasses as JSON holds them; bytes in hexadecimal."""
    if dataclasses.is_dataclass(value):
        return {one.name: plain(getattr(value, one.name)) for one in dataclasses.fields(value)}
    if isinstance(value, enum.Enum):
        return value.name.lower()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return value


def data_of(vector: dict[str, Any], item: str) -> bytes:
    return bytes.fromhex(vector[item]["hex"])


def catalog_and_selection(vector: dict[str, Any]) -> tuple[Catalog, Selection]:
    return decode_catalog(data_of(vector, "catalog")), decode_selection(
        data_of(vector, "selection")
    )


@pytest.fixture(params=VECTORS, ids=lambda vector: str(vector["name"]))
def vector(request: pytest.FixtureRequest) -> dict[str, Any]:
    found: dict[str, Any] = request.param
    return found


def test_catalog(vector: dict[str, Any]) -> None:
    catalog = decode_catalog(data_of(vector, "catalog"))
    assert plain(catalog) == vector["catalog"]["decoded"]
    assert encode_catalog(catalog) == data_of(vector, "catalog")


def test_selection(vector: dict[str, Any]) -> None:
    selection = decode_selection(data_of(vector, "selection"))
    assert plain(selection) == vector["selection"]["decoded"]
    assert encode_selection(selection) == data_of(vector, "selection")


def test_records(vector: dict[str, Any]) -> None:
    found = plain(decode_records(data_of(vector, "records"), *catalog_and_selection(vector)))
    del found["positions"]
    assert found == vector["records"]["decoded"]


def test_model_info(vector: dict[str, Any]) -> None:
    found = decode_model_info(data_of(vector, "model_info"))
    assert plain(found) == vector["model_info"]["decoded"]


def test_items_of_two_versions_do_not_belong_together() -> None:
    first, current = VECTORS
    with pytest.raises(BlobError, match="another catalog"):
        decode_records(data_of(current, "records"), *catalog_and_selection(first))


def test_the_command_decodes_it(
    vector: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = {"catalog": "catalog.cbor", "selection": "selection-0.cbor", "records": "r.bin"}
    for item, name in names.items():
        (tmp_path / name).write_bytes(data_of(vector, item))
    code = main(["decode", str(tmp_path / "r.bin"), "--catalog", str(tmp_path / "catalog.cbor")])
    assert code == 0, capsys.readouterr().err
    assert "wide:c32" in capsys.readouterr().out
