# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The counters that rules and docs/stalls.md name are counters that the drivers have."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from zephyr_counters.report.explain import RULES
from zephyr_counters.report.explain.rule import Share

ROOT = Path(__file__).parents[2]
DRIVERS = ROOT / "zephyr_module" / "drivers" / "hwcnt"
FOLDERS = {
    "arm,armv8.1-m-pmu": ("armv8_1m_pmu", "arm_events"),
    "arm,pmu-v3": ("arm_pmu_v3", "arm_events"),
    "arm,cortex-m-dwt": ("cortex_m_dwt",),
    "arm,ethos-u-pmu": ("ethos_u_pmu",),
    "riscv,hpm": ("riscv_hpm",),
    "zephyr-counters,perf-event": ("perf_event",),
}
SHARES = [one for one in RULES if isinstance(one, Share) and one.compatible in FOLDERS]
SECTIONS = {
    "DWT": "arm,cortex-m-dwt",
    "M85": "arm,armv8.1-m-pmu",
    "PMUv3": "arm,pmu-v3",
}


def names(compatible: str) -> set[str]:
    """All strings of a driver's source that may be a counter's name."""
    files = [file for one in FOLDERS[compatible] for file in (DRIVERS / one).glob("*.[ch]")]
    return {
        name
        for file in files
        for name in re.findall(r'"(-?[a-z][a-z0-9-]*)"', file.read_text(encoding="utf-8"))
    }


def test_there_are_rules_of_each_family() -> None:
    assert {one.compatible for one in SHARES} == set(FOLDERS)


@pytest.mark.parametrize("share", SHARES, ids=lambda one: one.name)
def test_a_rules_counters_exist(share: Share) -> None:
    known = names(share.compatible)
    ports = {f"axi0{one}" for one in known if one.startswith("-")}
    for alternatives in (*share.over, *share.under):
        assert (known | ports) & set(alternatives.split("|")), alternatives


@pytest.mark.parametrize("title", SECTIONS)
def test_counters_of_the_page_exist(title: str) -> None:
    page = (ROOT / "docs" / "stalls.md").read_text(encoding="utf-8")
    (section,) = [one for one in page.split("\n## ") if title in one.partition("\n")[0]]
    named = set(re.findall(r"`([a-z0-9]+(?:-[a-z0-9]+)*)`", section))
    assert named and named <= names(SECTIONS[title])
