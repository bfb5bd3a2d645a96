# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A report that fills each section of the page, and a check of pages."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from made_up import report, row
from zephyr_counters.blob.records import Origin
from zephyr_counters.report import Report

HOSTILE = '"><script>window.hacked=1</script><img src=x onerror=alert(1)>{{7*7}}\x1b]\u202e'


def sample(name: str = "conv") -> Report:
    """Two layers, the first bound by memory; its fifth repetition takes 5 times as long."""
    stalled = {
        "npu:busy-cycles": 1000,
        "npu:stall-cycles": 400,
        "npu:macs": 25_600,
        "npu:bytes-in": 640,
    }
    idle = dict.fromkeys(stalled, 0)
    fields: dict[str, Any] = {
        "bytes_read": 100,
        "bytes_written": 50,
        "inputs": ("int8[1, 8]",),
        "outputs": (name,),
    }
    rows = [
        row(
            [1000, 1010, 990, 1020, 5000],
            stalled,
            name=name,
            macs=6400,
            accelerator="npu",
            ops=("conv2d",),
            live={name: 64, "x": 32},
            **fields,
        ),
        row(500, idle, name="pool", tag=1, macs=0, ops=("max_pool2d",), live={name: 64}, **fields),
        row(1600, name="model", tag=2, origin=Origin.WHOLE),
    ]
    return report(
        rows, "zephyr-counters,mac-array", {"macs": 64, "bytes-in": 4}, clock_hz=1_000_000
    )


VOID = {"meta", "link", "img", "br", "input", "hr"}


class Checker(HTMLParser):
    """Checks that tags are closed in order, and collects what the tests look at."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def checked(text: str) -> Checker:
    found = Checker()
    found.feed(text)
    assert found.open == []
    return found
