# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Profiles of a board that is not there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fake_board import CYCLES, FakeBoard, archive, catalog_item
from zephyr_counters.blob import (
    Origin,
    Selection,
    decode_catalog,
    decode_records,
    decode_selection,
)
from zephyr_counters.errors import (
    ArchiveError,
    BlobError,
    BoardError,
    LinkError,
    RecordsLost,
    UsageError,
)
from zephyr_counters.measure import ProfileStopped, profile, profile_function, profile_regions
from zephyr_counters.report import Metric, table
from zephyr_counters.report.totals import cost, sum_of_layers

IMAGE = np.zeros((1, 8, 8, 1), np.int8)


def test_rows_values_and_their_correction() -> None:
    report = profile(FakeBoard(), repeat=3, counters=["core:cycles", "npu:queue"])
    assert [row.name for row in report.rows] == ["layer 0", "layer 1", "layer 2", "model"]
    row = report.layers[1]
    assert row.ticks[0].raw == (2055,) * 3 and row.ticks[0].values == (2050,) * 3
    assert row.series("core:cycles").values == (2110,) * 3
    assert row.series("npu:queue").values == (3,) * 3
    whole = report.whole
    assert whole.ticks[0].cost == 5 + 3 * 11
    assert whole.ticks[0].values == (4050,) * 3
    assert report.seconds(row).median == 2050e-9


def test_names_macs_and_memory_come_from_the_archive() -> None:
    report = profile(FakeBoard(), repeat=2, archive=archive())
    row = report.layers[2]
    assert (row.name, row.kernel, row.ops) == ("conv_2", "conv", ("conv2d",))
    assert (row.macs, row.bytes_read, row.bytes_written) == (640, 64, 8)
    assert (row.accelerator, row.inputs) == ("npu", ("int8[1, 8]",))
    assert report.model.memory == {"activations": 100, "workspace": 20, "constants": 3000}
    assert report.whole.name == "toy" and report.whole.macs == 3 * 640


def test_another_archive_is_told() -> None:
    for wrong in (archive(digest=bytes(31) + b"\x01"), archive(layers=4)):
        with pytest.raises(ArchiveError, match="built from another archive"):
            profile(FakeBoard(), archive=wrong)


def test_several_passes_are_merged_exactly() -> None:
    board = FakeBoard()
    report = profile(board, repeat=4)
    assert [one.pass_index for one in report.counters if one.name == "core:branches"] == [1]
    assert len(report.passes) == 2
    for row in report.rows:
        assert [len(series.raw) for series in row.ticks] == [4, 4]
        assert all(len(series.raw) == 4 for series in row.counters)
    assert report.layers[0].series("core:branches").values == (1130,) * 4
    assert [name for name, _ in board.calls].count("hwcnt.select") == 2


def test_the_firmware_says_how_many_counters_it_reads_at_once() -> None:
    report = profile(FakeBoard(catalog_item(counters=4)), repeat=1)
    assert len(report.passes) == 3
    assert {one.name for one in report.counters} == {
        *(f"core:{name}" for name in ("cycles", "instructions", "stall-cycles", "branches")),
        "core:branch-misses",
        *(f"npu:{name}" for name in ("macs", "busy", "queue", "log")),
    }


def test_other_refusals_are_not_taken_for_that() -> None:
    with pytest.raises(BoardError, match="told to fail"):
        profile(FakeBoard(fail="hwcnt.select"))


def test_no_counters_means_times_only() -> None:
    report = profile(FakeBoard(), counters=[], repeat=2)
    assert report.counters == () and report.seconds(report.whole).n == 2


def test_chunks_fit_the_record_buffer() -> None:
    """A record takes 24 bytes here, a repetition four records, and one more has to fit."""
    board = FakeBoard(catalog_item(record_bytes=(3 * 4 + 1) * 24))
    report = profile(board, counters=["cycles"], repeat=10)
    repeats = [args[0] for name, args in board.calls if name == "model.profile"]
    assert sum(repeats) == 10 and max(repeats) == 3
    assert report.whole.ticks[0].raw == (4088,) * 10


def test_a_buffer_that_overflows_all_the_same_gets_smaller_chunks(tmp_path: Path) -> None:
    board = FakeBoard(catalog_item(record_bytes=21 * 4 * 24), record_bytes=(5 * 4 + 1) * 24)
    report = profile(board, counters=["cycles"], repeat=20, blobs=tmp_path)
    kept = [decode_records(path.read_bytes()) for path in tmp_path.glob("records-*.bin")]
    assert sum(len(blob.records) for blob in kept) == 20 * 4
    assert len(report.whole.ticks[0].raw) == 20
    assert all(len(row.ticks[0].raw) == 20 for row in report.layers)


def test_a_buffer_smaller_than_one_repetition() -> None:
    board = FakeBoard(catalog_item(record_bytes=(3 + 1) * 24))
    with pytest.raises(RecordsLost, match="1 of 4 records of one repetition were lost"):
        profile(board, counters=["cycles"])


def test_progress() -> None:
    told: list[tuple[int, int]] = []
    profile(FakeBoard(), repeat=5, progress=lambda done, total: told.append((done, total)))
    assert told[0] == (1, 10) and told[-1] == (10, 10)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_repetitions_differ() -> None:
    report = profile(FakeBoard(noise=lambda n: 10 * n), repeat=1, counters=["cycles"])
    assert report.whole.statistics("core:cycles").n == 1
    board = FakeBoard(noise=lambda n: 10 * n, take_records=100)
    board.select(Selection())
    report = profile_regions(board, lambda: board.call("model.profile", 3), counters=["cycles"])
    statistics = report.layers[0].statistics("core:cycles")
    assert (statistics.min, statistics.median, statistics.max) == (1110, 1120, 1130)
    assert (statistics.mean, statistics.stdev, statistics.mad) == (1120, 10, 10)


def test_missing_and_foreign_records() -> None:
    class Forgets(FakeBoard):
        def _model_profile(self, repeat: int) -> None:
            super()._model_profile(repeat)
            self._records.pop(0)

    class Invents(FakeBoard):
        def _model_profile(self, repeat: int) -> None:
            super()._model_profile(repeat)
            self._record(9, 0, 0)

    class Stops(FakeBoard):
        def _model_profile(self, repeat: int) -> None:
            super()._model_profile(repeat)
            self._records[1][2] |= 4

    class Repeats(FakeBoard):
        def _hwcnt_take(self, request: int) -> bytes:
            kept = list(self._records)
            data = super()._hwcnt_take(request)
            self._records = kept
            return data

    for wrong, error in (
        (Forgets(), BlobError),
        (Invents(), BlobError),
        (Stops(), BoardError),
        (Repeats(take_records=2), BlobError),
    ):
        with pytest.raises(error):
            profile(wrong, repeat=2)


def test_stuck_and_wrapped_values_make_no_metrics() -> None:
    board = FakeBoard(stuck=("core:cycles",), wrapped=(1, 0))
    report = profile(board, repeat=1, counters=["npu:macs", "npu:busy", "core:cycles"])
    assert report.counter("core:cycles").stuck
    board = FakeBoard(wrapped=(1, 0))
    report = profile(board, repeat=2, counters=["core:cycles", "core:instructions"])
    assert "core:IPC" in report.layers[0].metrics
    assert report.layers[1].series("core:cycles").wrapped == (0, 1)
    assert "core:IPC" not in report.layers[1].metrics


def test_metrics() -> None:
    report = profile(FakeBoard(), repeat=2, archive=archive())
    metrics = report.layers[0].metrics
    assert metrics["core:IPC"].value == pytest.approx(1170 / 1110)
    assert metrics["core:MACs/cycle"].value == pytest.approx(640 / 1110)
    assert metrics["npu:utilization"] == Metric(pytest.approx(100 * 1080 / (64 * 1080)), "%")
    assert metrics["core:branch misses"].value == pytest.approx(100 * 1180 / 1130)
    assert metrics["core:stalled"].value == pytest.approx(100 * 1170 / 1110)
    assert metrics["tensors:bandwidth"] == Metric(pytest.approx(72 / 1050e-9), "B/s")
    assert metrics["tensors:MACs/byte"].value == pytest.approx(640 / 72)


def test_collectors_bring_their_counters_and_their_mistakes_cost_no_measurement() -> None:
    class Mine:
        name = "mine"
        counters = ("npu:busy", "npu:nothing")

        def collect(self, values: dict[str, Any], context: Any) -> dict[str, Any]:
            return {"busy/µs": Metric(values["npu:busy"] / context.seconds / 1e6, "")}

    class Broken:
        name = "broken"
        counters = ()

        def collect(self, values: dict[str, Any], context: Any) -> dict[str, Any]:
            raise KeyError("nothing")

    report = profile(FakeBoard(), counters=["cycles"], repeat=1, collectors=[Mine(), Broken()])
    assert [one.name for one in report.counters] == ["core:cycles", "npu:busy"]
    assert report.layers[0].metrics["busy/µs"].value == pytest.approx(1080 / 1.05)
    assert any("collector broken failed" in note for note in report.notes)


def test_inputs() -> None:
    board = FakeBoard()
    profile(board, [IMAGE], repeat=1)
    assert board.inputs[0] is IMAGE
    board = FakeBoard()
    profile(board, {"image": IMAGE}, repeat=1, archive=archive())
    assert board.inputs[0] is IMAGE
    for inputs, message in (
        ([], "0 inputs were given, the model takes 1"),
        ([IMAGE, IMAGE], "2 inputs were given"),
        ([IMAGE[0]], r"input 0 is int8\[8, 8, 1\], the model takes int8\[1, 8, 8, 1\]"),
        ([IMAGE.astype(np.float32)], "input 0 is float32"),
        ([5], "input 0 is not an array but int"),
        ({}, "missing inputs: 'image'"),
        ({"picture": IMAGE}, "'picture' is not one of the model's\n.*image int8"),
    ):
        with pytest.raises(UsageError, match=message):
            profile(FakeBoard(), inputs, repeat=1, archive=archive())
    with pytest.raises(UsageError, match="need the model's archive"):
        profile(FakeBoard(), {"image": IMAGE}, repeat=1)
    for repeat in (0, -1, 1 << 17, 1.5):
        with pytest.raises(UsageError, match="repeat"):
            profile(FakeBoard(), repeat=repeat)


def test_totals() -> None:
    report = profile(FakeBoard(), repeat=2, counters=["cycles", "queue"])
    total = sum_of_layers(report)
    assert total.ticks[0].values == (6150, 6150)
    assert total.statistics("core:cycles").median == 6330
    assert total.series("npu:queue") is None
    (difference,) = (
        line for line in table.render(report).splitlines() if line.startswith(" not in a layer")
    )
    assert difference.split() == ["not", "in", "a", "layer", "-2.100", f"{4110 - 6330:,}"]
    spent = cost(report)
    assert spent.region == 5e-9 and spent.whole == pytest.approx(38e-9)
    assert spent.share == pytest.approx(38 / 4088)


def test_a_function() -> None:
    board = FakeBoard()
    report = profile_function(board, "conv", 10, 5, counters=["cycles", "queue"])
    (row,) = report.rows
    assert (row.name, row.origin, row.calls) == ("conv", Origin.FUNCTION, 10)
    assert row.statistics("core:cycles").median == 211
    assert row.statistics("npu:queue").median == 3
    assert report.seconds(row).median == pytest.approx(205e-9)
    assert ("model.profile_function", ("conv", 10, 5)) in board.calls


def test_regions() -> None:
    board = FakeBoard()

    def run() -> None:
        for tag in (7, 8, 7):
            board.call("hwcnt.begin", tag)
            board.call("hwcnt.end")

    report = profile_regions(board, run, names={7: "filter"})
    assert [(row.name, len(row.ticks[0].raw)) for row in report.rows] == [
        ("filter", 2),
        ("region 8", 1),
    ]
    assert len(report.passes) == 2


def test_passes_that_do_different_things_are_told() -> None:
    board = FakeBoard()
    tags = iter(range(9))
    with pytest.raises(BlobError, match="passes must do the same"):
        profile_regions(board, lambda: board.call("hwcnt.begin", next(tags)))


def test_saved_blobs_decode_years_later(tmp_path: Path) -> None:
    report = profile(FakeBoard(), repeat=2, blobs=tmp_path, archive=archive())
    catalog = decode_catalog((tmp_path / "catalog.cbor").read_bytes())
    assert catalog == report.catalog
    for index in range(2):
        selection = decode_selection((tmp_path / f"selection-{index}.cbor").read_bytes())
        records = [
            record
            for path in sorted(tmp_path.glob(f"records-{index}-*.bin"))
            for record in decode_records(path.read_bytes(), catalog, selection).records
        ]
        assert len(records) == 2 * 4
    assert (tmp_path / "metadata.json").read_bytes() == b"{}"


def test_opaque_bytes() -> None:
    report = profile(FakeBoard(), repeat=1, counters=["npu:log"])
    (log,) = report.layers[2].opaque
    assert (log.name, log.data, log.cut) == ("npu:log", (b"\x02\x00",), ())


def test_a_board_with_no_providers() -> None:
    with pytest.raises(UsageError, match="providers of this board: none"):
        profile(FakeBoard(catalog_item([])))
    report = profile(FakeBoard(catalog_item([["p", "a,b", 0, 0, None, 0, 0, [CYCLES]]])), repeat=1)
    assert report.counters[0].name == "p:cycles"


class DyingBoard(FakeBoard):
    """Its link fails in the call of `model.profile` of that number."""

    def __init__(self, dies_in: int) -> None:
        super().__init__()
        self.calls_left = dies_in

    def _model_profile(self, repeat: int) -> None:
        self.calls_left -= 1
        if self.calls_left == 0:
            raise LinkError("the board is gone")
        super()._model_profile(repeat)


def test_what_was_measured_before_the_link_failed_is_kept() -> None:
    with pytest.raises(ProfileStopped, match="the board is gone") as stopped:
        profile(DyingBoard(2), repeat=1000, counters=["core:cycles"])
    report = stopped.value.report
    done = len(report.layers[0].ticks[0].raw)
    assert 1 <= done < 1000
    assert report.layers[1].series("core:cycles").values == (2110,) * done
    assert any(f"after {done} of 1000 repetitions" in note for note in report.notes)


def test_a_link_that_fails_before_anything_was_measured_is_a_plain_error() -> None:
    with pytest.raises(LinkError) as failed:
        profile(DyingBoard(1), repeat=3, counters=["core:cycles"])
    assert not isinstance(failed.value, ProfileStopped)
