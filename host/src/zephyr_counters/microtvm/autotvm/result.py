# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""TVM's MeasureResult with one field more: the counters of each repeat."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tvm.autotvm.measure import MeasureResult as StockResult

from zephyr_counters.errors import BlobError


class Repeat(dict[str, Any]):
    """The counters of one repeat, by name `provider:counter`, for one call of the kernel.

    A count is an int where the calls divide it, a float where they do not. A level is as it was at
    the repeat's end. Opaque bytes are what their decoder makes of those of all calls, or base64
    where there is no decoder. None: there is no number to trust; `doubts` says why.

    Attributes:
        calls: of the kernel in this repeat: AutoTVM's `number`, or more by its `min_repeat_ms`.
        seconds: of one call, as the evaluator found.
        totals: the counters over all calls, without the cost of measuring.
        spans: calls that a total spans, where that is not `calls`: 1 of a level, and of counters
            that were measured in a pass of their own what `min_repeat_ms` led to there.
        doubts: reason by name: `stuck`, `may have wrapped`, `cut short`.
    """

    def __init__(
        self,
        totals: Mapping[str, Any],
        calls: int,
        seconds: float,
        spans: Mapping[str, int] | None = None,
        doubts: Mapping[str, str] | None = None,
    ) -> None:
        self.totals = dict(totals)
        self.calls = calls
        self.seconds = seconds
        self.spans = dict(spans or {})
        self.doubts = dict(doubts or {})
        super().__init__(
            {
                name: _per_call(total, self.spans.get(name, calls))
                for name, total in self.totals.items()
            }
        )

    def to_plain(self) -> dict[str, Any]:
        """Return what JSON can hold; `from_plain` gives an equal one."""
        return {
            "calls": self.calls,
            "seconds": self.seconds,
            "totals": self.totals,
            "spans": self.spans,
            "doubts": self.doubts,
        }

    @classmethod
    def from_plain(cls, plain: Any) -> Repeat:
        """Return one from what `to_plain` gave.

        Raises:
            BlobError: it is something else.
        """
        try:
            calls, spans = int(plain["calls"]), dict(plain["spans"])
            if min([calls, *spans.values()]) < 1:
                raise ValueError("spans no call")
            totals, doubts = dict(plain["totals"]), dict(plain["doubts"])
            return cls(totals, calls, float(plain["seconds"]), spans, doubts)
        except (KeyError, TypeError, ValueError) as error:
            raise BlobError(
                f"not the counters of a repeat: {type(error).__name__} {error}"
            ) from None


class MeasureResult(StockResult):  # type: ignore[misc]
    """What TVM's is, four fields, and `counters`, which it carries beside them.

    Attributes:
        counters: a dictionary for each repeat, in the order measured; none of a candidate that
            failed. `costs` has their `seconds`, but of more than two repeats TVM sorts those and
            drops the largest and the smallest.
    """

    counters: list[Repeat]

    def __new__(
        cls,
        costs: Any,
        error_no: int,
        all_cost: float,
        timestamp: float,
        *,
        counters: Iterable[Repeat] = (),
    ) -> MeasureResult:
        """Return one; the first four are TVM's."""
        self: MeasureResult = super().__new__(cls, costs, error_no, all_cost, timestamp)
        self.counters = list(counters)
        return self

    @classmethod
    def _make(cls, iterable: Iterable[Any]) -> MeasureResult:
        return cls(*iterable)

    def _replace(self, **fields: Any) -> MeasureResult:
        counters = fields.pop("counters", self.counters)
        return type(self)(*super()._replace(**fields), counters=counters)

    def __repr__(self) -> str:
        return f"{super().__repr__()[:-1]}, counters={self.counters!r})"


def _per_call(total: Any, calls: int) -> Any:
    """Return a count divided by the calls; whatever else as it is."""
    if calls == 1 or not isinstance(total, int):
        return total
    return total // calls if total % calls == 0 else total / calls
