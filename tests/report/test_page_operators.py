# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Layers added up by operator, in the page."""

from __future__ import annotations

import pytest
from made_up import report, row
from page_sample import sample
from zephyr_counters.blob.records import Origin
from zephyr_counters.report.explain import explain
from zephyr_counters.report.page import operators, render


def test_layers_of_the_same_operators_are_one_group() -> None:
    rows = [
        row(1000, name="a", ops=("conv2d", "add"), macs=500, bytes_read=1, bytes_written=1),
        row(5000, name="b", tag=1, ops=("max_pool2d",), macs=0, bytes_read=9, bytes_written=9),
        row(3000, name="c", tag=2, ops=("conv2d", "add"), macs=700, bytes_read=1, bytes_written=1),
        row(1000, name="d", tag=3, ops=("conv2d", "add"), accelerator="npu"),
        row(10_000, name="m", tag=4, origin=Origin.WHOLE),
    ]
    made = report(rows)
    found = operators.groups(made, explain(made))
    assert [(one.operators, one.unit, one.layers, one.macs) for one in found] == [
        ("max_pool2d", "core", 1, 0),
        ("conv2d + add", "core", 2, 1200),
        ("conv2d + add", "npu", 1, 0),
    ]
    assert [one.seconds for one in found] == pytest.approx([5e-6, 4e-6, 1e-6])
    assert [one.share for one in found] == pytest.approx([0.5, 0.4, 0.1])
    page = render(made)
    assert 'href="#operators"' in page and "Layers by operator" in page


def test_groups_of_one_layer_each_say_nothing_new() -> None:
    assert operators.groups(sample(), explain(sample())) == []
    assert "Layers by operator" not in render(sample())
