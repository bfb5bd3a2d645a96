# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Profile a model, one of its functions, or the user's regions, on a board."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zephyr_counters.blob.records import Origin, RecordBlob
from zephyr_counters.errors import BlobError, UsageError
from zephyr_counters.measure.batch import check_batch
from zephyr_counters.measure.inputs import set_inputs
from zephyr_counters.measure.merge import Key
from zephyr_counters.measure.run import MOST_CALLS, Options, Progress, profile_run
from zephyr_counters.report.metrics.collectors import MetricCollector
from zephyr_counters.report.report import Report

if TYPE_CHECKING:
    from zephyr_counters.formats.model_archive import ModelArchive

MOST_REPEAT = 1 << 16
"""Maximum number of repetitions of one profile."""


def profile(
    target: Any,
    inputs: Mapping[str, Any] | Sequence[Any] | None = None,
    counters: Sequence[str] = ("*",),
    repeat: int = 10,
    collectors: Sequence[MetricCollector] | None = None,
    lock_interrupts: bool = False,
    progress: Progress | None = None,
    *,
    archive: ModelArchive | None = None,
    blobs: Path | None = None,
    warmup: int = 0,
    batch: int = 1,
    most: int | None = None,
) -> Report:
    """Profile a model, layer by layer.

    Args:
        target: a `Project`, which is started and stopped, or an open `Board`.
        inputs: arrays by name, or in order; None leaves what is set.
        counters: see `Options`, like all arguments not described here.
        repeat: repetitions in each pass.
        collectors: see `Options`.
        lock_interrupts: see `Options`.
        progress: see `Options`.
        archive: the model's; None takes the project's, if there is one.
        blobs: see `Options`.
        warmup: repetitions before these in each pass, which are measured and do not count.
        batch: calls of a layer in each record, for layers that take less time than the clock
            resolves. All run on the same inputs; values are per call.
        most: repetitions in each pass if they take less than a second; None for `repeat`.

    Raises:
        UsageError: an unknown counter or input, a wrong shape, a count out of range, or a model
            that does not allow several calls of a layer.
        ArchiveError: the firmware was built from another archive.
        RecordsLost: the board's buffer does not hold one repetition.
        ProfileStopped: the link failed; holds the report of what was measured before.
        BlobError, BoardError, LinkError: see there.
    """
    _check_count("repeat", repeat)
    _check_count("batch", batch, MOST_CALLS)
    _check_count("warmup", warmup, least=0)
    if most is not None:
        _check_count("most", most)
    options = Options(counters, collectors, lock_interrupts, progress, blobs, warmup, batch, most)
    with profile_run(target, archive, options) as current:
        if inputs is not None:
            set_inputs(current.device, current.device_model().inputs, inputs, current.archive)
        layers = current.device_model().layers
        expected = [(Origin.LAYER, index) for index in range(layers)] + [(Origin.WHOLE, layers)]
        if batch > 1:
            check_batch(current, batch)
        if current.archive is not None and current.archive.memory.state:
            state = current.archive.memory.state
            current.notes.append(
                f"each repetition starts from the model's first state ({state} bytes)"
            )
        run = partial(current.device.board.profile, number=batch)
        passes = current.passes(
            lambda index, total: current.repeat(run, expected, repeat, index, total)
        )
        return current.report(passes)


def profile_function(
    target: Any,
    name: str,
    number: int = 1,
    repeat: int = 10,
    args: Sequence[Any] = (),
    counters: Sequence[str] = ("*",),
    collectors: Sequence[MetricCollector] | None = None,
    lock_interrupts: bool = False,
    *,
    archive: ModelArchive | None = None,
    blobs: Path | None = None,
) -> Report:
    """Profile one function like `time_evaluator`: a record spans `number` calls.

    Args:
        target: an open `Board`; `args` belong to its session.
        name: name of the function.
        number: calls per record.
        repeat: number of records.
        args: tensors on the board.
        counters: see `Options`, like all others.
        collectors: see `Options`.
        lock_interrupts: see `Options`.
        archive: the model's; None takes the project's.
        blobs: see `Options`.

    Raises:
        The same as `profile`.
    """
    _check_count("repeat", repeat)
    _check_count("number", number, 1 << 31)
    options = Options(counters, collectors, lock_interrupts, None, blobs)
    with profile_run(target, archive, options, function=(name, number)) as current:
        found: list[Key] = []

        def one_pass(index: int, total: int) -> list[RecordBlob]:
            blobs = current.regions(
                lambda: current.device.board.profile_function(name, number, repeat, *args)
            )
            found.extend({(record.origin, record.tag) for blob in blobs for record in blob.records})
            return blobs

        passes = current.passes(one_pass)
        if len(set(found)) != 1 or found[0][0] is not Origin.FUNCTION:
            raise BlobError(f"the board's records are not of one function: {sorted(set(found))}")
        return current.report(passes)


def profile_regions(
    target: Any,
    run: Callable[[], object],
    counters: Sequence[str] = ("*",),
    names: Mapping[int, str] | None = None,
    collectors: Sequence[MetricCollector] | None = None,
    lock_interrupts: bool = False,
    *,
    archive: ModelArchive | None = None,
    blobs: Path | None = None,
) -> Report:
    """Profile what `run` measures on the board between `hwcnt.begin` and `hwcnt.end`.

    Args:
        target: an open `Board`.
        run: called once per pass; must do the same each time. Regions with the same tag are the
            repetitions of that tag.
        counters: see `Options`, like all others.
        names: names of the tags.
        collectors: see `Options`.
        lock_interrupts: see `Options`.
        archive: the model's; None takes the project's.
        blobs: see `Options`.

    Raises:
        The same as `profile`, and RecordsLost if the board's buffer does not hold the
        records of one `run`.
    """
    options = Options(counters, collectors, lock_interrupts, None, blobs)
    with profile_run(target, archive, options, names) as current:
        return current.report(current.passes(lambda index, total: current.regions(run)))


def _check_count(name: str, value: int, most: int = MOST_REPEAT, least: int = 1) -> None:
    if not isinstance(value, int) or not least <= value <= most:
        raise UsageError(f"{name} is {value!r}, not from {least} to {most}")
