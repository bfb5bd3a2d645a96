# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""AutoTVM's runners, with counters in their results."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

from tvm import autotvm

from zephyr_counters.errors import UsageError
from zephyr_counters.microtvm.autotvm.counting import Choice, CountingLoader, measure
from zephyr_counters.microtvm.autotvm.loader import HERE, ModuleLoader
from zephyr_counters.microtvm.autotvm.record import attach


class CountingExecutor:
    """An executor of AutoTVM's, that has what TVM gives it called by `counting.measure`."""

    def __init__(self, executor: Any) -> None:
        self._executor = executor

    def submit(self, function: Callable[..., Any], *args: Any) -> Any:
        """Have a candidate measured in a process of its own."""
        return self._executor.submit(measure, function, *args)


class _Counting:
    """What both runners add to TVM's.

    Args:
        counters: patterns of those to measure, as `measure.profile` takes them. More than the
            board reads at once are measured in passes, each an evaluation of its own.
        lock_interrupts: around each repeat.
        module_loader: None takes a `ModuleLoader` for posix.
        args, options: as TVM's. `timeout` covers making, building and flashing the firmware.
    """

    executor: Any
    module_loader: CountingLoader

    def __init__(
        self,
        *args: Any,
        counters: Sequence[str] = ("*",),
        lock_interrupts: bool = False,
        module_loader: Any = None,
        **options: Any,
    ) -> None:
        if isinstance(counters, str):
            raise UsageError(f"counters is a list of patterns, not one: {counters!r}")
        choice = Choice(tuple(counters), lock_interrupts)
        loader = CountingLoader(module_loader or ModuleLoader(), choice)
        super().__init__(*args, module_loader=loader, **options)  # type: ignore[call-arg]
        self.executor = CountingExecutor(self.executor)

    def run(self, measure_inputs: Any, build_results: Any) -> list[Any]:
        """Measure candidates.

        Returns:
            for each a `MeasureResult` with counters, or TVM's own if it failed.

        Raises:
            UsageError: none of them can be measured so: an unknown counter, a firmware without any.
        """
        results: list[Any] = super().run(measure_inputs, build_results)  # type: ignore[misc]
        for result in results:
            if result.error_no != 0 and isinstance(result.costs[-1], UsageError):
                raise result.costs[-1]
        attach(measure_inputs, results)
        return results


class LocalRunner(_Counting, autotvm.LocalRunner):  # type: ignore[misc]
    """`autotvm.LocalRunner` with counters: the board is at this machine."""

    @functools.wraps(autotvm.LocalRunner.set_task)
    def set_task(self, task: Any) -> Any:
        """Take the task; starts no tracker or server, as the board is at this machine."""
        if not isinstance(self.module_loader.module_loader, ModuleLoader):
            return super().set_task(task)
        self.task, self.key = task, HERE
        return None


class RPCRunner(_Counting, autotvm.RPCRunner):  # type: ignore[misc]
    """`autotvm.RPCRunner` with counters: a tracker gives the boards."""
