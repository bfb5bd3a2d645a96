# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What `--optimize` asks for, and the candidates that make a model smallest.

Candidates share code, so which of them is smallest depends on what the other operators of the model
take. So a model is passed twice: the first time all offers are noted down, the second time each
operator gets what was found best for the whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from zephyr_counters.extensions.kernel import Candidate, Choose, Target, cheapest, fastest
from zephyr_counters.extensions.operator import Operator

SIZE, BALANCED, SPEED = "size", "balanced", "speed"
OBJECTIVES: dict[str, Choose] = {SIZE: cheapest, BALANCED: cheapest, SPEED: fastest}
"""How a candidate is chosen; with SIZE, before `smallest` knows the whole model."""


@dataclass
class _Noted:
    offers: list[list[Candidate]] = field(default_factory=list)

    def choose(self, op: Operator, candidates: list[Candidate]) -> Candidate:
        self.offers.append(candidates)
        return cheapest(op, candidates)


def smallest(target: Target, run: Callable[[Target], object]) -> Target:
    """Return a target that takes the candidates with the fewest bytes of code and constants.

    Args:
        target: the model's.
        run: passes the model with a target. It asks for the same operators each time.
    """
    noted = _Noted()
    run(replace(target, choose=noted.choose))
    indices = iter(plan(noted.offers))
    return replace(target, choose=lambda op, candidates: candidates[next(indices)])


def plan(offers: Sequence[Sequence[Candidate]]) -> list[int]:
    """Return, for each operator, which of its candidates to take.

    From several starts each operator in turn changes to what adds the fewest bytes to the others'
    choices, until none changes.
    """
    parts = sorted({part for found in offers for one in found for part in one.code})
    starts = [_start(offers, None), *(_start(offers, part) for part in parts)]
    return min((_descend(offers, start) for start in starts), key=lambda p: _bytes(offers, p))


def _start(offers: Sequence[Sequence[Candidate]], part: str | None) -> list[int]:
    """Return those with the fewest constants, or those with a part of code where there are such."""
    chosen = []
    for found in offers:
        order = sorted(range(len(found)), key=lambda i: (found[i].constants, found[i].estimate))
        chosen.append(next((i for i in order if part in found[i].code), order[0]))
    return chosen


def _descend(offers: Sequence[Sequence[Candidate]], chosen: list[int]) -> list[int]:
    uses = Counter(part for found, i in zip(offers, chosen, strict=True) for part in found[i].code)
    changed = True
    while changed:
        changed = False
        for index, found in enumerate(offers):
            uses.subtract(found[chosen[index]].code.keys())

            def added(i: int, found: Sequence[Candidate] = found) -> tuple[int, float]:
                one = found[i]
                code = sum(size for part, size in one.code.items() if not uses[part])
                return one.constants + code, one.estimate

            best = min(range(len(found)), key=added)
            if added(best) < added(chosen[index]):
                chosen[index] = best
                changed = True
            uses.update(found[chosen[index]].code.keys())
    return chosen


def _bytes(offers: Sequence[Sequence[Candidate]], chosen: Sequence[int]) -> int:
    taken = [found[i] for found, i in zip(offers, chosen, strict=True)]
    code = {part: size for one in taken for part, size in one.code.items()}
    return sum(code.values()) + sum(one.constants for one in taken)
