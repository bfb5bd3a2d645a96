# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Tuning records with counters: rows of TVM's own log that any TVM 0.18 still loads.

TVM writes a row from the input's configuration and the result's four fields, and reads from the
row's "config" only the keys it knows. So the counters are one key more of "config":

    {"input": ..., "config": {"index": 3, ..., "counters": [{"calls": 1, ...}, ...]}, ...}
"""

from __future__ import annotations

import json
from collections.abc import Iterator, MutableSequence, Sequence
from pathlib import Path
from typing import Any

from tvm.autotvm import record
from tvm.autotvm.measure import MeasureInput
from tvm.autotvm.task import ConfigEntity

from zephyr_counters.errors import ArchiveError, BlobError
from zephyr_counters.microtvm.autotvm.result import MeasureResult, Repeat

KEY = "counters"


class CountedConfig(ConfigEntity):  # type: ignore[misc]
    """A configuration that brings the counters of its measurement into the log."""

    counters: list[dict[str, Any]]

    @classmethod
    def of(cls, config: ConfigEntity, counters: Sequence[Repeat]) -> CountedConfig:
        """Return `config` with counters."""
        counted = cls.__new__(cls)
        counted.__dict__.update(config.__dict__)
        counted.counters = [repeat.to_plain() for repeat in counters]
        return counted

    def to_json_dict(self) -> dict[str, Any]:
        """Return TVM's dictionary with one key more."""
        return {**super().to_json_dict(), KEY: self.counters}

    def __reduce__(self) -> tuple[Any, ...]:
        # As TVM's own class, so that a pickled one loads where this package is not.
        made_of = (self.index, self.code_hash, self._entity_map, self._constraints)
        return ConfigEntity, made_of, self.__dict__


def attach(inputs: Sequence[MeasureInput], results: Sequence[Any]) -> None:
    """Put counters where the callbacks of a tuner find them: into the list of inputs it made."""
    if not isinstance(inputs, MutableSequence):
        return
    for index, result in enumerate(results):
        if isinstance(result, MeasureResult) and result.counters:
            config = CountedConfig.of(inputs[index].config, result.counters)
            inputs[index] = inputs[index]._replace(config=config)


def load(path: Path | str) -> Iterator[tuple[MeasureInput, MeasureResult]]:
    """Yield the records of a log that `autotvm.callback.log_to_file` wrote, with their counters.

    What is yielded is TVM's: `ApplyHistoryBest(load(path))`, `Tuner.load_history`. Written again by
    TVM, it keeps its counters. Records without any have none, `result.counters == []`.

    Raises:
        ArchiveError: a line is no record; names it.
    """
    with Path(path).open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip() or line.startswith("#"):
                continue
            try:
                pair = record.decode(line)
                plain = json.loads(line)["config"].get(KEY, []) if pair is not None else []
                counters = [Repeat.from_plain(one) for one in plain]
            except (BlobError, ValueError, LookupError, TypeError, AttributeError) as error:
                raise ArchiveError(
                    f"{path}, line {number}: is no record of AutoTVM: {error}"
                ) from error
            if pair is not None:
                measured = [pair[0]]
                result = MeasureResult(*pair[1], counters=counters)
                attach(measured, [result])
                yield measured[0], result
