# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Run a profile: select counters pass by pass, measure, make the report."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zephyr_counters import __version__
from zephyr_counters.blob.model_info import DeviceModel
from zephyr_counters.blob.records import Origin, RecordBlob
from zephyr_counters.board.functions import DeviceFunctions
from zephyr_counters.errors import LinkError, RecordsLost
from zephyr_counters.measure import roofs_file
from zephyr_counters.measure.device import BlobFolder, Device, check_finished, measure
from zephyr_counters.measure.merge import Key, PassData, merge
from zephyr_counters.measure.names import Describer, Names, check_hash, model_of
from zephyr_counters.measure.pace import Pace
from zephyr_counters.measure.passes import schedule
from zephyr_counters.measure.patterns import choose
from zephyr_counters.measure.stopped import ProfileInterrupted, ProfileStopped
from zephyr_counters.report.metrics import MetricCollector, installed, with_metrics
from zephyr_counters.report.report import Report, Row
from zephyr_counters.report.roof import Roof
from zephyr_counters.report.totals import smaller_than_cost

if TYPE_CHECKING:
    from zephyr_counters.formats.model_archive import ModelArchive

Progress = Callable[[int, int], None]
"""Progress callback: (repetitions done, total repetitions) across all passes."""

MOST_CALLS = (1 << 16) - 1
"""Calls of a layer in one call of `model.profile`."""


@dataclass(frozen=True)
class Options:
    """Options of every kind of profile.

    Attributes:
        counters: patterns, `provider:counter` or `counter`; see `patterns.choose`.
        collectors: derive metrics; None for all installed ones, which use the selected counters.
            Counters that collectors named here need are selected, too.
        lock_interrupts: lock interrupts in each region.
        progress: called after each chunk of repetitions.
        blobs: folder that keeps everything the board sends, or None.
        warmup: repetitions at the beginning of each pass that are measured and do not count.
        batch: calls of a layer in each record.
        most: repetitions, if there is time for more than were asked for; None for no more.
    """

    counters: Sequence[str] = ("*",)
    collectors: Sequence[MetricCollector] | None = None
    lock_interrupts: bool = False
    progress: Progress | None = None
    blobs: Path | None = None
    warmup: int = 0
    batch: int = 1
    most: int | None = None


@dataclass
class ProfileRun:
    """A profile while it runs."""

    device: Device
    options: Options
    archive: ModelArchive | None
    names: Describer
    link: str
    collectors: Sequence[MetricCollector]
    model: DeviceModel | None = None
    roofs: tuple[Roof, ...] = ()
    notes: list[str] = field(default_factory=list)
    repetitions: int = 0
    """Repetitions of the first pass; 0 before it."""
    stopped: LinkError | KeyboardInterrupt | None = None
    """What ended the profile early, or None."""

    def device_model(self) -> DeviceModel:
        """Return the firmware's description of its model; the board is asked once."""
        if self.model is None:
            self.model = self.device.model()
        return self.model

    def passes(self, one_pass: Callable[[int, int], list[RecordBlob]]) -> list[PassData]:
        """Select counters and measure, pass by pass; `one_pass` takes (pass index, passes)."""
        wanted = [
            pattern for collector in self.options.collectors or () for pattern in collector.counters
        ]
        choice = choose(self.device.catalog, self.options.counters, wanted)
        self.notes.extend(choice.notes)
        selections = schedule(
            self.device.catalog,
            choice.counters,
            self.device.most_counters(),
            self.options.lock_interrupts,
        )
        found: list[PassData] = []
        for index, selection in enumerate(selections):
            try:
                self.device.select(selection, index)
                blobs = one_pass(index, len(selections))
            except (LinkError, KeyboardInterrupt) as error:
                if not found:
                    raise
                self.stopped = error
            # A pass with fewer repetitions than the others cannot be merged with them.
            if self.stopped is None or not found:
                found.append(PassData(self.device.selection, tuple(blobs)))
            if self.stopped is not None:
                break
        return found

    def repeat(
        self,
        run: Callable[[int], None],
        expected: Collection[Key],
        repeat: int,
        index: int,
        total: int,
    ) -> list[RecordBlob]:
        """Measure the warm-up and `repeat` repetitions, in chunks that fit the device's buffer.

        More than `repeat` if there is time for `most`; later passes make as many as the first.
        """
        blobs: list[RecordBlob] = []
        warmup = self.options.warmup
        least = warmup + (self.repetitions or repeat)
        most = least if self.repetitions else max(least, warmup + (self.options.most or 0))
        capacity = min(self.device.capacity(len(expected)), MOST_CALLS // self.options.batch)
        pace = Pace(least, most, capacity, first=warmup + 1)
        # All of it: Ctrl-C comes anywhere, and must not cost what has been taken.
        try:
            while (chunk := pace.chunk()) > 0:
                started = time.monotonic()
                taken = measure(self.device, run, chunk, expected)
                if taken is None:
                    pace.overflowed(chunk)
                    continue
                blobs += taken
                pace.made(chunk, time.monotonic() - started)
                if self.options.progress is not None:
                    goal = pace.goal
                    self.options.progress(index * goal + pace.done, total * goal)
        except (LinkError, KeyboardInterrupt) as error:
            if pace.done <= warmup:
                raise
            why = error.what if isinstance(error, LinkError) else "interrupted"
            self.notes.append(
                f"stopped after {pace.done - warmup} of {pace.goal - warmup} repetitions: {why}"
            )
            self.stopped = error
        self.repetitions = pace.done - warmup
        return blobs

    def regions(self, run: Callable[[], object]) -> list[RecordBlob]:
        """Measure what `run` does, and return all records of it."""
        run()
        blobs = self.device.take()
        dropped = sum(blob.dropped for blob in blobs)
        if dropped:
            raise RecordsLost(
                f"the board's record buffer of {self.device.catalog.record_bytes} bytes is too "
                f"small: {dropped} records were lost",
                "measure less at once, or create the project with a larger "
                "--project-option record_buffer_bytes=N",
            )
        for blob in blobs:
            for record in blob.records:
                check_finished(record)
        return blobs

    def _describe(self, origin: Origin, tag: int) -> Row:
        row = self.names.describe(origin, tag)
        return replace(row, calls=row.calls * self.options.batch)

    def report(self, passes: Sequence[PassData]) -> Report:
        """Merge the passes into a report.

        Raises:
            ProfileStopped: the link failed; holds the report of what was measured before.
            ProfileInterrupted: Ctrl-C; likewise.
        """
        merged = merge(self.device.catalog, passes, self._describe, self.options.warmup)
        report = Report(
            generator=f"zephyr-counters {__version__}",
            created=datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
            link=self.link,
            catalog=self.device.catalog,
            model=None if self.archive is None else model_of(self.archive),
            passes=merged.passes,
            counters=merged.counters,
            rows=merged.rows,
            notes=tuple(self.notes),
            roofs=self.roofs,
        )
        small = smaller_than_cost(report)
        if small is not None:
            report = replace(report, notes=(*report.notes, small))
        report = with_metrics(report, self.collectors)
        if isinstance(self.stopped, KeyboardInterrupt):
            raise ProfileInterrupted(report) from self.stopped
        if self.stopped is not None:
            raise ProfileStopped(report, self.stopped)
        return report


@contextmanager
def profile_run(
    target: Any,
    archive: ModelArchive | None,
    options: Options,
    regions: Mapping[int, str] | None = None,
    function: tuple[str, int] | None = None,
) -> Iterator[ProfileRun]:
    """Open a project's board, or use an open board, for one profile.

    Raises:
        ArchiveError: the firmware was built from another archive.
    """
    with _opened(target) as board:
        project = getattr(board, "project", None)
        if archive is None and project is not None:
            archive = project.archive
        files = None if options.blobs is None else BlobFolder(options.blobs)
        device = Device.of(board, files)
        model = None
        if archive is not None:
            model = device.model()
            check_hash(model, archive)
            if files is not None:
                files.keep("metadata.json", archive.metadata_bytes)
        yield ProfileRun(
            device=device,
            options=options,
            archive=archive,
            names=Names(archive, regions, function),
            link=str(getattr(board, "name", "")),
            collectors=installed() if options.collectors is None else options.collectors,
            model=model,
            roofs=() if project is None else roofs_file.load(Path(project.path)),
        )


@contextmanager
def _opened(target: Any) -> Iterator[DeviceFunctions]:
    if hasattr(target, "call"):
        yield target
        return
    from zephyr_counters.board.board import Board

    with Board(target) as board:
        yield board
