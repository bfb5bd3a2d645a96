# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""docs/report.schema.json against the reports that the program writes, and that it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fake_board import FakeBoard, archive
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from page_sample import HOSTILE, sample
from zephyr_counters.errors import BlobError
from zephyr_counters.measure import profile, profile_function
from zephyr_counters.report import Report, exports
from zephyr_counters.report.exports.schema import schema
from zephyr_counters.report.runs import join

jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
FILE = Path(__file__).parents[2] / "docs" / "report.schema.json"
CHECKED = jsonschema.Draft202012Validator(json.loads(FILE.read_text(encoding="utf-8")))


def test_the_file_is_what_the_types_say() -> None:
    again = "run: python -m zephyr_counters.report.exports.schema > docs/report.schema.json"
    assert json.loads(FILE.read_text(encoding="utf-8")) == schema(), again
    CHECKED.check_schema(CHECKED.schema)


def measured() -> Report:
    return profile(FakeBoard(stuck=("core:cycles",)), repeat=2, archive=archive())


@pytest.mark.parametrize(
    "make",
    [
        measured,
        lambda: join([measured(), measured()]),
        lambda: profile_function(FakeBoard(), "conv", 3, 2),
        lambda: profile(FakeBoard(), repeat=1),
        lambda: sample(HOSTILE),
    ],
    ids=["layers", "runs", "function", "nameless", "hostile"],
)
def test_real_reports_fit(make: Any) -> None:
    CHECKED.validate(json.loads(exports.to_json(make())))


_SMALL = exports.to_json(profile(FakeBoard(layers=1), counters=["core:*", "npu:log"], repeat=1))
_WRONG: st.SearchStrategy[object] = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=3), st.just([]), st.just({})
)


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=60)
@given(st.data(), _WRONG)
def test_what_the_program_accepts_fits(data: st.DataObject, wrong: object) -> None:
    """A report that does not fit is refused; the program also checks what relates fields."""
    document = json.loads(_SMALL)
    here = document
    while True:
        keys = list(here) if isinstance(here, dict) else list(range(len(here)))
        if not keys:
            break
        key = data.draw(st.sampled_from(keys))
        if not isinstance(here[key], (dict, list)) or data.draw(st.booleans()):
            if isinstance(here, dict) and data.draw(st.booleans()):
                del here[key]
            else:
                here[key] = wrong
            break
        here = here[key]
    fits = CHECKED.is_valid(document)
    try:
        exports.from_json(json.dumps(document))
    except BlobError:
        return
    assert fits


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        (("version",), 2),
        (("version",), True),
        (("rows", 0, "tag"), "1"),
        (("rows", 0, "origin"), "x"),
        (("rows", 0, "macs"), 1.5),
        (("rows", 0, "ticks", 0, "raw", 0), None),
        (("catalog", "clock_hz"), [1]),
        (("more",), 1),
    ],
)
def test_a_mutated_report_does_not_fit(path: tuple[Any, ...], wrong: object) -> None:
    document = json.loads(_SMALL)
    here = document
    for step in path[:-1]:
        here = here[step]
    here[path[-1]] = wrong
    assert not CHECKED.is_valid(document)
    with pytest.raises(BlobError):
        exports.from_json(json.dumps(document))
