# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Verdicts on layers that are bound by something by construction."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from command_fixtures import Install
from made_up import report, row
from zephyr_counters.blob.catalog import ClockKind
from zephyr_counters.blob.records import Origin
from zephyr_counters.errors import UsageError
from zephyr_counters.formats.board import find
from zephyr_counters.report.explain import (
    RULES,
    Explanation,
    Gain,
    Roofs,
    Rule,
    Share,
    Sure,
    Word,
    explain,
    installed,
    roofs_of,
)
from zephyr_counters.report.explain.rule import CYCLES

SHARES = [one for one in RULES if isinstance(one, Share)]
CORE = Roofs(macs_per_cycle=2, bytes_per_cycle=4, clock_hz=1e9, source="a manual")


def only(*arguments: Any, **settings: Any) -> Explanation:
    (found,) = explain(report(*arguments, **settings), roofs=Roofs())
    return found


def counters(rule: Share, share: float) -> dict[str, int]:
    """Counters of a layer in which a rule's share has this value."""
    whole = 1_000_000
    part = round(whole * (1 - share if rule.rest else share))
    values: dict[str, int] = {}
    for name, value in ((rule.under, whole), (rule.over, part)):
        for index, one in enumerate(name):
            # The first counter has it all; the others of a sum are there, and 0.
            key = one.removesuffix("/peak").split("|")[0]
            values[f"unit:{key}"] = value if index == 0 else values.get(f"unit:{key}", 0)
    if set(rule.over) & set(rule.under):
        # The part is also in the whole: idle + active.
        other = next(one for one in rule.under if one not in rule.over)
        values[f"unit:{other}"] = whole - part
        values[f"unit:{rule.over[0]}"] = part
    return values


@pytest.mark.parametrize("rule", SHARES, ids=lambda rule: rule.name)
def test_a_share_above_its_threshold_decides(rule: Share) -> None:
    share = (rule.at_least + 1) / 2 if rule.at_least < 1 else 1.0
    made = report([row(1000, counters(rule, share), macs=10)], rule.compatible)
    (found,) = explain(made, [rule], Roofs())
    assert (found.word, found.finding.rule) == (rule.word, rule.name)
    assert found.finding.share == pytest.approx(share, abs=1e-6)
    assert found.finding.source == rule.source and found.finding.step == rule.step
    assert {one.name for one in found.finding.evidence} <= set(counters(rule, share))
    if rule.gain is Gain.SHARE:
        assert found.most_of_model == pytest.approx(share, abs=1e-6)
    elif rule.gain is Gain.REST:
        assert found.most_of_model == pytest.approx(1 - share, abs=1e-6)
    else:
        assert found.most_of_model is None


@pytest.mark.parametrize("rule", SHARES, ids=lambda rule: rule.name)
def test_a_share_below_its_threshold_does_not(rule: Share) -> None:
    made = report([row(1000, counters(rule, rule.at_least * 0.9), macs=10)], rule.compatible)
    (found,) = explain(made, [rule], Roofs())
    assert found.word is Word.UNCLEAR


@pytest.mark.parametrize("rule", SHARES, ids=lambda rule: rule.name)
def test_a_rule_is_for_its_own_providers(rule: Share) -> None:
    made = report([row(1000, counters(rule, 1.0), macs=10)], "acme,other")
    assert explain(made, [rule], Roofs())[0].word is Word.UNCLEAR


def test_every_rule_has_a_test_a_source_and_a_name_of_its_own() -> None:
    timed = {
        "too-short",
        "only-converts",
        "no-arithmetic",
        "compute-roof",
        "memory-roof",
        "small-and-slow",
    }
    assert {one.name for one in RULES} == timed | {one.name for one in SHARES}
    assert len({one.name for one in RULES}) == len(RULES)
    assert all(isinstance(one, Rule) for one in RULES)
    assert all(one.source and one.step.endswith(".") for one in SHARES)


def test_a_row_of_few_ticks_is_unclear_whatever_its_counters() -> None:
    stalled = {"unit:stall-cycles": 900, "unit:busy-cycles": 1000}
    found = only([row(19, stalled)], "zephyr-counters,mac-array")
    assert (found.word, found.finding.rule) == (Word.UNCLEAR, "too-short")
    assert [one.rule for one in found.others] == ["mac-array-dma"]
    assert only([row(20, stalled)], "zephyr-counters,mac-array").word is Word.MEMORY


def test_a_row_of_scattered_repetitions_is_unclear() -> None:
    assert only([row([100, 150, 200, 300, 400])]).finding.rule == "too-short"


def test_conversions_and_layers_without_arithmetic() -> None:
    converts = only([row(1000, ops=("quantize", "reshape"), macs=0, bytes_read=8)])
    assert (converts.word, converts.finding.sure) == (Word.OVERHEAD, Sure.LOW)
    assert converts.most_of_model == 1.0 and converts.others == ()
    pool = only([row(1000, ops=("max_pool2d", "quantize"), macs=0, bytes_read=8)])
    assert (pool.word, pool.finding.rule) == (Word.MEMORY, "no-arithmetic")
    assert pool.most_of_model is None


def test_layers_near_the_roofs_of_the_core() -> None:
    """1,000 ns at 1 GHz are 1,000 cycles: at most 2,000 MACs and 4,000 bytes."""
    rows = [
        row(1000, macs=1300, bytes_read=100, bytes_written=0),
        row(1000, macs=100, bytes_read=2400, bytes_written=100, tag=1),
        row(1000, macs=300, bytes_read=100, bytes_written=0, tag=2),
    ]
    compute, memory, neither = explain(report(rows), roofs=CORE)
    assert [compute.word, memory.word] == [Word.COMPUTE, Word.MEMORY]
    assert compute.finding.share == pytest.approx(0.65)
    assert memory.finding.share == pytest.approx(0.625)
    (evidence,) = compute.finding.evidence
    assert (evidence.value, evidence.roof, evidence.roof_name) == (1.3, 2, "a manual")
    assert neither.word is Word.UNCLEAR
    assert all(one.word is Word.UNCLEAR for one in explain(report(rows), roofs=Roofs()))
    simulated = report(rows, clock=ClockKind.HOST)
    assert all(one.word is Word.UNCLEAR for one in explain(simulated, roofs=CORE))


def test_a_roof_that_a_layer_breaks_through_is_none() -> None:
    """At 1 GHz 2,400 MACs in 1,000 ns are 2.4 per cycle; the roof is 2."""
    fast = row(1000, macs=2400, bytes_read=100, bytes_written=0, tag=1)
    rows = [row(1000, macs=1300, bytes_read=100, bytes_written=0), fast]
    for found in explain(report(rows), roofs=CORE):
        assert found.word is Word.UNCLEAR
        assert found.doubts[-1].startswith(
            "A layer reaches 2.4 MACs/cycle, more than the roof of 2,"
        )
    # Within the error of clocks and medians, and for rows too short to be sure, it holds.
    near = dataclasses.replace(fast, macs=2150)
    assert explain(report([rows[0], near]), roofs=CORE)[0].word is Word.COMPUTE
    short = row(10, macs=50, bytes_read=1, bytes_written=0, tag=1)
    assert explain(report([rows[0], short]), roofs=CORE)[0].word is Word.COMPUTE


def test_a_small_layer_that_is_slow() -> None:
    large, small = explain(
        report([row(10_000, macs=100_000), row(1000, macs=1000, tag=1)]), roofs=Roofs()
    )
    assert large.word is Word.UNCLEAR
    assert (small.word, small.finding.rule) == (Word.OVERHEAD, "small-and-slow")
    assert small.finding.share == pytest.approx(0.9)
    assert small.most_of_model == pytest.approx(0.9 * 1000 / 11_000)


def test_the_largest_loss_decides_before_useful_work() -> None:
    values = {"unit:busy-cycles": 1000, "unit:stall-cycles": 350, "unit:macs": 600 * 64}
    found = only([row(1000, values)], "zephyr-counters,mac-array", {"macs": 64})
    assert found.finding.rule == "mac-array-dma"
    assert [one.rule for one in found.others] == ["mac-array-macs"]
    roofs = [one.roof for one in found.others[0].evidence if one.name == "unit:macs"]
    assert roofs == [64 * 1000]


def test_an_accelerators_layer_is_judged_by_the_accelerator() -> None:
    stalled = {"core:stall-backend": 900, "core:cycles": 1000}
    core = report([row(1000, stalled, accelerator="npu", macs=5)], "arm,pmu-v3")
    assert explain(core, roofs=Roofs())[0].word is Word.STALLS
    # With a counter of the accelerator itself, the core's stalls are only its waiting.
    both = dataclasses.replace(
        core,
        rows=(row(1000, {**stalled, "npu:macs": 5}, accelerator="npu", macs=5),),
        counters=(*core.counters, dataclasses.replace(core.counters[0], name="npu:macs")),
    )
    assert explain(both, roofs=Roofs())[0].word is Word.UNCLEAR


def test_what_is_missing_is_named() -> None:
    unmeasured = ["stall-cycles", "busy-cycles", "macs"]
    layer = row(1000, {"npu:jobs": 1}, macs=5, accelerator="npu")
    found = only([layer], "zephyr-counters,mac-array", unmeasured=unmeasured)
    assert found.word is Word.UNCLEAR
    assert found.missing == ("npu:stall-cycles", "npu:busy-cycles", "npu:macs")
    assert "--counters npu:stall-cycles,npu:busy-cycles,npu:macs" in found.finding.step
    on_core = dataclasses.replace(layer, accelerator=None)
    assert only([on_core], "zephyr-counters,mac-array", unmeasured=unmeasured).missing == ()


def test_the_whole_model_is_not_a_layer() -> None:
    rows = [row(100, macs=1), row(100, origin=Origin.WHOLE, tag=1)]
    assert [one.of_model for one in explain(report(rows), roofs=Roofs())] == [1.0]


def test_what_a_simulated_accelerator_runs_is_weighed_by_its_cycles() -> None:
    """How long the simulation takes says nothing of hardware."""
    busy = [{"npu:busy-cycles": 300}, {"npu:busy-cycles": 100}, {"npu:busy-cycles": 0}]
    units = ("npu", "npu", None)
    rows = [
        row(1000, one, tag=tag, accelerator=unit)
        for tag, (one, unit) in enumerate(zip(busy, units, strict=True))
    ]
    made = report(rows)
    (provider,) = made.catalog.providers
    simulated = dataclasses.replace(provider, simulated=True)
    catalog = dataclasses.replace(made.catalog, providers=(simulated,))
    found = explain(dataclasses.replace(made, catalog=catalog), roofs=Roofs())
    assert [one.of_model for one in found] == [0.75, 0.25, None]
    assert {one.of_whole for one in found} == {"npu's busy cycles"}
    assert [round(one.of_model, 6) for one in explain(made, roofs=Roofs())] == [0.333333] * 3
    assert explain(made, roofs=Roofs())[0].of_whole == "the model"


def test_a_simulation_is_doubted() -> None:
    (doubt,) = only([row(1000)], clock=ClockKind.HOST).doubts
    assert "simulates" in doubt


RULE = """
from zephyr_counters.report.explain import Share, Word

RULE = Share("acme-waits", "acme,*", Word.WAITING, ("wait",), ("all",), 0.5,
             "It waited {share}.", "Try this.", "Acme's manual, 1.2")
BROKEN = None

class Breaks:
    name, compatible, counters = "breaks", "", ()
    def judge(self, facts):
        raise KeyError("gone")
"""


def test_a_rule_of_another_package(install: Install) -> None:
    install("acme_rules", RULE, "zephyr_counters.rules", "RULE")
    values = {"unit:wait": 75, "unit:all": 100}
    assert only([row(1000, values)], "acme,npu").finding.text == "It waited 75%."
    assert len(installed()) == len(RULES) + 1


def test_a_rule_that_fails_costs_only_its_own_finding(install: Install) -> None:
    install("acme_rules", RULE, "zephyr_counters.rules", "Breaks")
    assert only([row(1000)]).doubts == ("rule breaks failed: KeyError('gone')",)


def test_what_is_no_rule_is_named(install: Install) -> None:
    install("acme_rules", RULE, "zephyr_counters.rules", "BROKEN")
    with pytest.raises(UsageError, match="acme_rules of group"):
        installed()


def test_roofs_come_from_the_boards_data() -> None:
    found = roofs_of(report([row(1000)], board="nrf52840dk/nrf52840"))
    assert (found.macs_per_cycle, found.bytes_per_cycle, found.clock_hz) == (2, 4, 64_000_000)
    assert "DDI 0439" in found.source
    assert roofs_of(report([row(1000)], board="posix")) == Roofs()


def test_only_hardware_has_roofs() -> None:
    """An emulator's cycles are not those of the core that it emulates."""
    for one in find([Path(__file__).parents[2] / "boards"]).values():
        if one.roofs:
            assert one.data["run"] is None and one.roofs["source"], one.name


def test_every_counter_of_a_rule_is_one_of_a_driver() -> None:
    """A name that no driver has would never find anything."""
    root = Path(__file__).parents[2]
    folders = (root / "zephyr_module" / "drivers" / "hwcnt", root / "extensions")
    sources = "".join(
        path.read_text(encoding="utf-8") for folder in folders for path in folder.rglob("*.[ch]")
    )
    for rule in SHARES:
        for name in {one for choice in rule.counters for one in choice.split("|")}:
            # A macro puts a port's name before those of its events.
            port, dash, event = name.partition("-")
            parts = [f'"{port}"', f'"{dash}{event}"']
            known = f'"{name}"' in sources or all(one in sources for one in parts)
            assert known or name in CYCLES.split("|"), (rule.name, name)
        assert f'"{rule.compatible}"' in sources or rule.compatible in _bindings(root), rule.name


def _bindings(root: Path) -> str:
    return "".join(
        path.read_text(encoding="utf-8")
        for folder in ("zephyr_module", "extensions")
        for path in (root / folder).rglob("*.yaml")
    )
