# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Profile what TVM 0.18 runs on a board: counters, layer by layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from zephyr_counters.blob.records import Origin
from zephyr_counters.errors import UsageError
from zephyr_counters.measure.run import Options, profile_run
from zephyr_counters.microtvm.board import RpcBoard
from zephyr_counters.microtvm.executors import Evaluated, Executor, executor_of
from zephyr_counters.microtvm.tvm_report import as_tvm
from zephyr_counters.report.metrics.collectors import MetricCollector
from zephyr_counters.report.report import Report


def profile(
    session: Any,
    module: Any,
    inputs: Mapping[str, Any] | None = None,
    collectors: Sequence[MetricCollector] | None = None,
    **options: Any,
) -> Any:
    """Profile a model; TVM's own `tvm.runtime.profiling.Report`.

    A row a layer, a column a counter: medians of one call. Arguments and errors are those of
    `measure`, which gives all repetitions.
    """
    return as_tvm(measure(session, module, inputs, collectors, **options))


def measure(
    session: Any,
    module: Any,
    inputs: Mapping[str, Any] | None = None,
    collectors: Sequence[MetricCollector] | None = None,
    *,
    counters: Sequence[str] = ("*",),
    repeat: int = 10,
    number: int = 1,
    lock_interrupts: bool = False,
) -> Report:
    """Profile a model; this package's Report: every repetition, exports, compare.

    Args:
        session: an open `tvm.micro.Session`.
        module: what runs the model: `tvm.contrib.graph_executor.create` with the session's
            device measures all layers on the board in one call;
            `tvm.micro.create_local_debug_executor` measures from the host, layer by layer;
            `tvm.micro.create_local_aot_executor` measures all layers on the board as well; one
            row if `number` is not 1, or the project was made by an older zephyr-counters.
        inputs: arrays by name; None leaves what is set.
        collectors: of metrics; None for all installed ones, as far as their counters are
            selected anyway. The counters of those named here are selected, too.
        counters: patterns, `provider:counter` or `counter`.
        repeat: repetitions in each pass.
        number: calls in each repetition, for executors of the host.
        lock_interrupts: around each region.

    Raises:
        UsageError: no module that can be profiled, no firmware that counts, an unknown counter.
        RecordsLost: the board's buffer does not hold one repetition.
        BlobError, BoardError: see there.
    """
    _check(repeat, number)
    board = RpcBoard(session)
    executor = executor_of(session, board, module, number)
    for name, value in (inputs or {}).items():
        module.set_input(name, value)
    return _report(board, executor, repeat, Options(counters, collectors, lock_interrupts))


def profile_function(
    session: Any,
    module: Any,
    name: str,
    args: Sequence[Any] = (),
    collectors: Sequence[MetricCollector] | None = None,
    **options: Any,
) -> Any:
    """As `measure_function`, as TVM's own `tvm.runtime.profiling.Report`."""
    return as_tvm(measure_function(session, module, name, args, collectors, **options))


def measure_function(
    session: Any,
    module: Any,
    name: str,
    args: Sequence[Any] = (),
    collectors: Sequence[MetricCollector] | None = None,
    *,
    number: int = 1,
    repeat: int = 10,
    counters: Sequence[str] = ("*",),
    lock_interrupts: bool = False,
) -> Report:
    """Profile one function of a module on the board, such as the system library.

    Args:
        session: an open `tvm.micro.Session`.
        module: the remote module.
        name: of the function.
        args: tensors on the board, such as `tvm.nd.array(x, session.device)`.
        collectors: as for `measure`, like all others.
        number: calls in each record.
        repeat: records.
        counters: see there.
        lock_interrupts: see there.

    Raises:
        as `measure`.
    """
    _check(repeat, number)
    executor = Evaluated(module, name, session.device, args, number, Origin.FUNCTION, name)
    options = Options(counters, collectors, lock_interrupts)
    return _report(RpcBoard(session), executor, repeat, options)


def _report(board: RpcBoard, executor: Executor, repeat: int, options: Options) -> Report:
    with profile_run(board, None, options) as run:
        run.link = executor.kind
        run.names = executor
        return run.report(
            run.passes(lambda index, total: executor.measure(run, repeat, index, total))
        )


def _check(repeat: int, number: int) -> None:
    for name, value in (("repeat", repeat), ("number", number)):
        if not isinstance(value, int) or not 1 <= value < 1 << 16:
            raise UsageError(f"{name} is {value!r}, not from 1 to 65535")
