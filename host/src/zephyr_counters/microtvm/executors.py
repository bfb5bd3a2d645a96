# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The executors of TVM 0.18 that a profile can measure, each in its own way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Protocol

from zephyr_counters.blob.records import Origin, Record, RecordBlob
from zephyr_counters.errors import BlobError, UsageError
from zephyr_counters.measure.names import Describer
from zephyr_counters.measure.run import ProfileRun
from zephyr_counters.microtvm.board import RpcBoard
from zephyr_counters.microtvm.upstream import tvm
from zephyr_counters.report.report import Row
from zephyr_counters.rpc.functions import LAYERS


class Executor(Describer, Protocol):
    """What is measured, and how."""

    kind: str

    def measure(self, run: ProfileRun, repeat: int, index: int, total: int) -> list[RecordBlob]:
        """Measure `repeat` repetitions in pass `index` of `total`."""


@dataclass
class OnBoard:
    """An executor of the CRT: all operators in one call, each between begin and end."""

    board: RpcBoard
    kind: str

    def __post_init__(self) -> None:
        self._names = self.board.layers()

    def measure(self, run: ProfileRun, repeat: int, index: int, total: int) -> list[RecordBlob]:
        """One call of `model.profile` for as many repetitions as the record buffer holds."""
        count = len(self._names)
        expected = [(Origin.LAYER, tag) for tag in range(count)] + [(Origin.WHOLE, count)]
        return run.repeat(self.board.profile, expected, repeat, index, total)

    def describe(self, origin: Origin, tag: int) -> Row:
        """Return an operator, or the model."""
        if origin is Origin.LAYER and tag < len(self._names):
            return Row(origin, tag, self._names[tag], kernel=self._names[tag])
        return Row(origin, tag, "model")


@dataclass
class HostDriven:
    """TVM's debug executor on the host: a time evaluator on the board for each operator."""

    module: Any
    number: int
    kind = "debug executor of the host"

    def __post_init__(self) -> None:
        self._nodes = [
            one for one in self.module.debug_datum.get_graph_nodes() if one["op"] != "param"
        ]

    def measure(self, run: ProfileRun, repeat: int, index: int, total: int) -> list[RecordBlob]:
        """TVM's own run_individual(); what it measures is recorded on the way."""
        count = len(self._nodes)
        most = run.device.capacity(count)
        blobs: list[RecordBlob] = []
        first, done = 1, 0
        while done < repeat:
            chunk = min(most, repeat - done)
            taken = run.regions(partial(self.module.run_individual, self.number, chunk))
            blobs += _relabel(taken, Origin.LAYER, range(first, first + count), chunk)
            first, done = first + count, done + chunk
        return blobs

    def describe(self, origin: Origin, tag: int) -> Row:
        """Return an operator."""
        node = self._nodes[tag]
        kernel = str(node.get("attrs", {}).get("func_name", ""))
        return Row(origin, tag, str(node["name"]), kernel=kernel, calls=self.number)


@dataclass
class Evaluated:
    """One function of a module, or the run function of the AOT executor: a time evaluator."""

    module: Any
    name: str
    device: Any
    args: Sequence[Any]
    number: int
    origin: Origin
    shown: str
    kind = "time evaluator"

    def measure(self, run: ProfileRun, repeat: int, index: int, total: int) -> list[RecordBlob]:
        """TVM's own time_evaluator(), `repeat` times `number` calls."""
        most = run.device.capacity(1)
        blobs: list[RecordBlob] = []
        first, done = 1, 0
        while done < repeat:
            chunk = min(most, repeat - done)

            def evaluate(chunk: int = chunk) -> None:
                evaluator = self.module.time_evaluator(
                    self.name, self.device, number=self.number, repeat=chunk
                )
                evaluator(*self.args)

            blobs += _relabel(run.regions(evaluate), self.origin, range(first, first + 1), chunk)
            first, done = first + 1, done + chunk
        return blobs

    def describe(self, origin: Origin, tag: int) -> Row:
        """Return the function."""
        return Row(origin, tag, self.shown, kernel=self.name, calls=self.number)


def executor_of(session: Any, board: RpcBoard, module: Any, number: int) -> Executor:
    """How to measure a module.

    Raises:
        UsageError: it is none that a profile can measure, or `number` does not fit it.
    """
    upstream = tvm()
    from tvm.contrib import graph_executor  # type: ignore[import-not-found, unused-ignore]
    from tvm.contrib.debugger import (  # type: ignore[import-not-found, unused-ignore]
        debug_executor,
    )
    from tvm.runtime.executor import (  # type: ignore[import-not-found, unused-ignore]
        aot_executor,
    )

    if isinstance(module, debug_executor.GraphModuleDebug):
        return HostDriven(module, number)
    on_board = getattr(getattr(module, "module", None), "type_key", "") == "rpc"
    if isinstance(module, aot_executor.AotModule) and on_board:
        if number == 1 and board.has(LAYERS):
            return OnBoard(board, "AOT executor of the board")
        device = session.device
        return Evaluated(module.module, "run", device, (), number, Origin.WHOLE, "model")
    if isinstance(module, graph_executor.GraphModule) and on_board:
        if number != 1:
            raise UsageError("number is for executors of the host; raise repeat instead")
        return OnBoard(board, "graph executor of the board")
    raise UsageError(
        f"{type(module).__name__} of TVM {upstream.__version__} cannot be profiled layer by layer",
        "use tvm.contrib.graph_executor.create with the session's device, "
        "tvm.micro.create_local_debug_executor or create_local_aot_executor",
    )


def _relabel(
    blobs: Iterable[RecordBlob], origin: Origin, tags: range, repeat: int
) -> list[RecordBlob]:
    """Return records of time evaluators as those of `origin`, the first evaluator's tag being 0.

    Raises:
        BlobError: they are not `repeat` records of each evaluator.
    """
    blobs = list(blobs)
    found = sorted((one.origin, one.tag, one.repetition) for blob in blobs for one in blob.records)
    wanted = [(Origin.FUNCTION, tag, number) for tag in tags for number in range(repeat)]
    if found != wanted:
        raise BlobError(
            f"the board sent {len(found)} records that are not the {len(wanted)} expected"
        )

    def label(record: Record) -> Record:
        return replace(record, origin=origin, tag=record.tag - tags.start)

    return [replace(blob, records=tuple(map(label, blob.records))) for blob in blobs]
