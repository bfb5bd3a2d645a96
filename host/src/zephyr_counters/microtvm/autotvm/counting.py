# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Count what TVM's evaluator measures. Runs in the process that AutoTVM gives to a candidate."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tvm.autotvm.measure import MeasureErrorNo
from tvm.error import TVMError

from zephyr_counters.blob.catalog import Kind
from zephyr_counters.blob.records import Origin
from zephyr_counters.errors import BlobError, UsageError
from zephyr_counters.extensions.opaque import decode_opaque
from zephyr_counters.measure.profile import profile_regions
from zephyr_counters.microtvm.autotvm.loader import FirmwareError
from zephyr_counters.microtvm.autotvm.result import MeasureResult, Repeat
from zephyr_counters.microtvm.board import RpcBoard
from zephyr_counters.microtvm.upstream import said
from zephyr_counters.report.codec import to_plain
from zephyr_counters.report.report import Report, Row

Loader = Callable[[dict[str, Any], Any], contextlib.AbstractContextManager[tuple[Any, Any]]]


@dataclass(frozen=True)
class Choice:
    """Which counters a runner measures; see `measure.profile_regions`."""

    counters: Sequence[str]
    lock_interrupts: bool


class CountedKernel:
    """What AutoTVM asks of the module it measures, with counters around its evaluator."""

    def __init__(self, module: Any, board: RpcBoard, choice: Choice) -> None:
        self._module = module
        self._board = board
        self._choice = choice
        self.repeats: list[Repeat] = []

    @property
    def entry_name(self) -> str:
        """Of the module."""
        return str(self._module.entry_name)

    def time_evaluator(
        self, name: str, device: Any, number: int = 10, **options: Any
    ) -> Callable[..., Any]:
        """Return TVM's evaluator of a function; calling it fills `repeats`."""

        def evaluate(*args: Any) -> Any:
            results: list[Any] = []

            def one_pass() -> None:
                # Made after the selection: the device numbers evaluators from there.
                evaluator = self._module.time_evaluator(name, device, number=number, **options)
                results.append(evaluator(*args))

            report = profile_regions(
                self._board,
                one_pass,
                self._choice.counters,
                lock_interrupts=self._choice.lock_interrupts,
            )
            costs = [list(one.results) for one in results]
            self.repeats = repeats_of(report, costs, number)
            return results[0]

        return evaluate


class CountingLoader:
    """A module loader around another, whose module counts.

    Attributes:
        module_loader: the one around which it is.
        repeats: of the one candidate it loaded.
        misuse: what no other candidate could do better, if it came to that.
        error_no: what kind of error it was, where TVM does not see the difference.
    """

    def __init__(self, module_loader: Loader, choice: Choice) -> None:
        self.module_loader = module_loader
        self.choice = choice
        self.repeats: list[Repeat] = []
        self.misuse: UsageError | None = None
        self.error_no: int | None = None

    @contextlib.contextmanager
    def __call__(self, remote_kwargs: dict[str, Any], build_result: Any) -> Iterator[Any]:
        """Load a candidate; yields the RPC session and the module.

        Raises:
            TVMError: for AutoTVM to make it the candidate's error.
        """
        try:
            with self.module_loader(remote_kwargs, build_result) as (remote, module):
                kernel = CountedKernel(module, RpcBoard(remote), self.choice)
                yield remote, kernel
            self.repeats = kernel.repeats
        except FirmwareError:
            self.error_no = int(MeasureErrorNo.COMPILE_DEVICE)
            raise
        except TVMError:
            raise
        except Exception as error:
            # AutoTVM takes anything but a TVMError for a time-out.
            self.misuse = error if isinstance(error, UsageError) else None
            raise TVMError(said(error)) from error


def measure(function: Callable[..., Any], *args: Any) -> Any:
    """Call TVM's function that measures a candidate, and add the counters to its result."""
    loader = next(arg for arg in args if isinstance(arg, CountingLoader))
    result = function(*args)
    if result.error_no == MeasureErrorNo.NO_ERROR:
        return MeasureResult(*result, counters=loader.repeats)
    if loader.misuse is not None:
        return result._replace(costs=(result.costs[0], loader.misuse))
    if loader.error_no is not None:
        return result._replace(error_no=MeasureErrorNo(loader.error_no))
    return result


def repeats_of(report: Report, costs: Sequence[Sequence[float]], number: int) -> list[Repeat]:
    """Return what a report of the evaluator's regions says, a repeat each.

    Args:
        report: of nothing but one evaluator.
        costs: seconds of one call, a list for each pass.
        number: of calls in a repeat, as asked for.

    Raises:
        BlobError: the records are not those of the evaluator.
    """
    count = len(costs[0])
    rows = [row for row in report.rows if row.origin is Origin.FUNCTION]
    if len(report.rows) != 1 or len(rows) != 1 or len(rows[0].ticks[0].raw) != count:
        found = ", ".join(f"{len(row.ticks[0].raw)} of {row.name}" for row in report.rows)
        raise BlobError(f"the board sent records ({found or 'none'}), not {count} of one evaluator")
    return [_repeat(report, rows[0], costs, number, index) for index in range(count)]


def _repeat(
    report: Report, row: Row, costs: Sequence[Sequence[float]], number: int, index: int
) -> Repeat:
    # The device makes more calls than asked for until min_repeat_ms is over. It does not say how
    # many, but its cost is the record's duration over just that number.
    calls = [
        round(ticks.raw[index] / report.catalog.clock_hz / cost[index]) if cost[index] else number
        for ticks, cost in zip(row.ticks, costs, strict=True)
    ]
    totals: dict[str, Any] = {}
    spans: dict[str, int] = {}
    doubts: dict[str, str] = {}
    for series in row.counters:
        counter = report.counter(series.name)
        span = 1 if counter.kind is Kind.LEVEL else calls[counter.pass_index]
        if span != calls[0]:
            spans[series.name] = span
        totals[series.name] = None if counter.stuck else series.values[index]
        if counter.stuck:
            doubts[series.name] = "stuck"
        elif index in series.wrapped:
            doubts[series.name] = "may have wrapped"
    for opaque in row.opaque:
        counter = report.counter(opaque.name)
        if index in opaque.cut:
            totals[opaque.name], doubts[opaque.name] = None, "cut short"
        else:
            data = opaque.data[index]
            totals[opaque.name] = _decoded(counter.compatible, opaque.name, data)
        if calls[counter.pass_index] != calls[0]:
            spans[opaque.name] = calls[counter.pass_index]
    return Repeat(totals, calls[0], costs[0][index], spans, doubts)


def _decoded(compatible: str, name: str, data: bytes) -> Any:
    """Return what opaque bytes mean, as JSON gives it back; base64 if no decoder does."""
    value = decode_opaque(compatible, name.partition(":")[2], data)
    try:
        return json.loads(json.dumps(to_plain(data if value is None else value)))
    except (TypeError, ValueError) as error:
        raise BlobError(f"what the decoder makes of {name} is not for JSON: {error}") from error
