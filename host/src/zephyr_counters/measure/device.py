# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The device functions that a profile calls; their results are checked."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from zephyr_counters.blob.catalog import Catalog, encode_catalog
from zephyr_counters.blob.model_info import DeviceModel
from zephyr_counters.blob.records import Origin, Record, RecordBlob
from zephyr_counters.blob.selection import Selection, encode_selection
from zephyr_counters.board.functions import DeviceFunctions
from zephyr_counters.errors import BlobError, BoardError, RecordsLost


class BlobFolder:
    """A folder that keeps what a board sends, so that it can be decoded years later."""

    def __init__(self, folder: Path) -> None:
        """Use a folder; a missing one is created."""
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def keep(self, name: str, data: bytes) -> None:
        """Write a file; an existing one is replaced."""
        (self._folder / name).write_bytes(data)

    def forget(self, name: str) -> None:
        """Delete a file that was kept."""
        (self._folder / name).unlink()


@dataclass
class Device:
    """A board, its catalog, and the selected counters."""

    board: DeviceFunctions
    catalog: Catalog
    selection: Selection
    files: BlobFolder | None = None
    _pass: int = -1
    _takes: int = 0

    @classmethod
    def of(cls, board: DeviceFunctions, files: BlobFolder | None = None) -> Device:
        """Ask a board for its catalog."""
        catalog = board.catalog()
        if files is not None:
            files.keep("catalog.cbor", encode_catalog(catalog))
        return cls(board, catalog, Selection(), files)

    def model(self) -> DeviceModel:
        """Return the firmware's description of its model.

        Raises:
            BlobError: it does not match the board's catalog.
        """
        model = self.board.model_info()
        if model.catalog_crc != self.catalog.crc:
            raise BlobError(
                f"the board's catalog has CRC-32 {self.catalog.crc:08x}, "
                f"its model info says {model.catalog_crc:08x}"
            )
        return model

    def select(self, selection: Selection, pass_index: int) -> None:
        """Measure these counters from now on; records that were not taken are lost.

        Raises:
            BoardError: the device refuses one; says which.
        """
        self.selection = self.board.select(selection)
        self._pass, self._takes = pass_index, 0
        if self.files is not None:
            self.files.keep(f"selection-{pass_index}.cbor", encode_selection(self.selection))

    def take(self) -> list[RecordBlob]:
        """Take all records from the board.

        Raises:
            BlobError: damaged, or of another catalog, selection or request.
        """
        blobs: list[RecordBlob] = []
        while True:
            data, blob = self.board.take_bytes()
            if self.files is not None:
                self.files.keep(self._file(self._takes), data)
            self._takes += 1
            if blobs and blob.overhead != blobs[0].overhead:
                raise BlobError("the board calibrated again while its records were taken")
            blobs.append(blob)
            if blob.remaining == 0:
                return blobs
            if not blob.records or (len(blobs) > 1 and blob.remaining >= blobs[-2].remaining):
                raise BlobError(
                    f"{blob.remaining} records are still on the board but could not be read"
                )

    def forget(self, count: int) -> None:
        """Discard the results of the last `count` calls of `hwcnt.take`."""
        for _ in range(count):
            self._takes -= 1
            if self.files is not None:
                self.files.forget(self._file(self._takes))

    def _file(self, take: int) -> str:
        return f"records-{self._pass}-{take}.bin"

    def most_counters(self) -> int:
        """Return how many counters the firmware measures at once."""
        assert self.catalog.limits is not None, "a live board's catalog has them"
        return self.catalog.limits.counters

    def capacity(self, records: int) -> int:
        """Return how many times `records` records fit the device's buffer, at least 1."""
        count = sum(len(counters) for _, counters in self.selection.groups)
        return max(1, self.catalog.record_capacity(count) // max(1, records))


def measure(
    device: Device,
    run: Callable[[int], None],
    repeat: int,
    expected: Collection[tuple[Origin, int]],
) -> list[RecordBlob] | None:
    """Run something `repeat` times and take its records.

    Args:
        device: the board, with counters selected.
        run: called once, with `repeat`.
        repeat: number of repetitions.
        expected: (origin, tag) of the records of one repetition.

    Returns:
        None if the record buffer was too small for so many repetitions.

    Raises:
        RecordsLost: it is too small for one.
        BlobError: records are missing, or there are unexpected ones.
        BoardError: a region did not finish.
    """
    run(repeat)
    blobs = device.take()
    dropped = sum(blob.dropped for blob in blobs)
    if dropped:
        if repeat > 1:
            device.forget(len(blobs))
            return None
        raise RecordsLost(
            f"the board's record buffer of {device.catalog.record_bytes} bytes is too small: "
            f"{dropped} of {dropped + sum(len(blob.records) for blob in blobs)} records of one "
            "repetition were lost",
            "select fewer counters, or create the project with a larger "
            "--project-option record_buffer_bytes=N",
        )
    records = [record for blob in blobs for record in blob.records]
    for record in records:
        check_finished(record)
    found = sorted((one.origin, one.tag, one.repetition) for one in records)
    wanted = sorted((*key, repetition) for key in expected for repetition in range(repeat))
    if found != wanted:
        raise BlobError(
            f"the board sent {len(found)} records, which are not the {len(wanted)} expected ones"
        )
    return blobs


def check_finished(record: Record) -> None:
    """Raise BoardError if an error ended a region early."""
    if record.unfinished:
        raise BoardError(
            f"{record.origin.name.lower()} {record.tag} did not finish in repetition "
            f"{record.repetition}"
        )
