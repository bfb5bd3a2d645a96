# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The page in headless Chromium."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from page_sample import HOSTILE, sample
from zephyr_counters.report import compare, exports
from zephyr_counters.report.page import render_comparison

pytestmark = pytest.mark.slow


def load(browser: Any, path: Path, name: str = "conv") -> Path:
    exports.save(sample(name), path / "report.html")
    exports.save(sample(name), path / "report.json")
    browser.get((path / "report.html").resolve().as_uri())
    return path / "report.json"


def names(browser: Any) -> list[str]:
    return [one.text for one in browser.find_elements("css selector", "#layers tbody th a")]


def press(browser: Any, column: str) -> Any:
    (button,) = [
        one
        for one in browser.find_elements("css selector", "#layers thead button")
        if one.text.split(" ")[0] == column
    ]
    button.click()
    return button.find_element("xpath", "..").get_attribute("aria-sort")


def test_it_renders_without_an_error(browser: Any, tmp_path: Path) -> None:
    load(browser, tmp_path)
    assert browser.title == "toy on made-up"
    assert browser.get_log("browser") == []
    for chart in browser.find_elements("css selector", "svg"):
        assert chart.size["width"] > 0 and chart.size["height"] > 0


def test_it_sorts_by_mouse_and_keyboard(browser: Any, tmp_path: Path) -> None:
    load(browser, tmp_path)
    assert names(browser) == ["conv", "pool"]
    assert press(browser, "time") == "descending" and names(browser) == ["conv", "pool"]
    assert press(browser, "time") == "ascending" and names(browser) == ["pool", "conv"]
    assert press(browser, "layer") == "ascending" and names(browser) == ["conv", "pool"]
    button = browser.find_elements("css selector", "#layers thead button")[3]
    browser.execute_script("arguments[0].focus()", button)
    button.send_keys("\ue007")  # Enter
    assert button.find_element("xpath", "..").get_attribute("aria-sort") == "descending"
    assert "whole model" in browser.find_element("css selector", "#layers tfoot").text


def test_its_numbers_are_the_jsons(browser: Any, tmp_path: Path) -> None:
    report = exports.load(load(browser, tmp_path))
    document = json.loads((tmp_path / "report.json").read_text())
    for index, row in enumerate(report.layers):
        (line,) = browser.find_elements("css selector", f"#layers tbody tr[data-layer='{index}']")
        cell = line.find_element("css selector", "[data-quantity=time]")
        raw = sorted(document["rows"][index]["ticks"][0]["raw"])
        hz = document["catalog"]["clock_hz"]
        assert float(cell.get_attribute("data-value")) == raw[len(raw) // 2] / hz
        macs = line.find_element("css selector", "[data-quantity=macs]").get_attribute("data-value")
        assert int(macs) == document["rows"][index]["macs"]
        for series in document["rows"][index]["counters"]:
            (cell,) = browser.find_elements(
                "css selector", f"#layer-{index} [data-quantity='{series['name']}']"
            )
            assert float(cell.get_attribute("data-value")) == sorted(series["raw"])[2]
        assert row.name == names(browser)[index]


def test_it_marks_a_layer_under_the_pointer_everywhere(browser: Any, tmp_path: Path) -> None:
    from selenium.webdriver import ActionChains

    load(browser, tmp_path)
    row = browser.find_element("css selector", "#layers tbody tr[data-layer='0']")
    ActionChains(browser).move_to_element(row).perform()
    marked = browser.find_elements("css selector", ".marked")
    assert {one.get_attribute("data-layer") for one in marked} == {"0"}
    assert len(marked) >= 5
    titles = browser.find_elements("css selector", "#timeline a title")
    assert "conv: 1.01 µs, memory" in titles[0].get_attribute("textContent")


def test_a_link_opens_a_layers_details(browser: Any, tmp_path: Path) -> None:
    load(browser, tmp_path)
    browser.find_element("css selector", "#layers tbody th a").click()
    details = browser.find_element("css selector", "#layer-0")
    assert details.get_attribute("open") is not None
    assert "The array waited 40%" in details.text


def test_hostile_names_run_nothing(browser: Any, tmp_path: Path) -> None:
    load(browser, tmp_path, HOSTILE)
    assert browser.execute_script("return window.hacked") is None
    assert browser.find_elements("css selector", "img") == []
    assert browser.get_log("browser") == []
    assert press(browser, "layer") == "ascending"
    assert "<script>window.hacked=1</script>" in names(browser)[0]


@pytest.mark.parametrize("width", [400, 1000, 1600])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_each_width(browser: Any, tmp_path: Path, width: int, scheme: str) -> None:
    """Wide parts scroll by themselves; the page does not."""
    scheme_is = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", scheme_is)
    size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    load(browser, tmp_path)
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    paper = browser.execute_script("return getComputedStyle(document.body).backgroundColor")
    assert paper == ("rgb(255, 255, 255)" if scheme == "light" else "rgb(20, 23, 27)")


def test_it_is_readable_without_javascript(browser: Any, tmp_path: Path) -> None:
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        load(browser, tmp_path)
        text = browser.find_element("css selector", "main").text
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    assert "Work on these first" in text and "conv" in text
    assert "Press a column" not in text


def test_a_layer_in_the_timeline_is_a_link_for_keyboard_and_finger(
    browser: Any, tmp_path: Path
) -> None:
    load(browser, tmp_path)
    box = browser.find_element("css selector", "#timeline a[data-layer='1']")
    browser.execute_script("arguments[0].focus()", box)
    assert browser.execute_script("return document.activeElement.dataset.layer") == "1"
    box.send_keys("\ue007")  # Enter
    assert browser.find_element("css selector", "#layer-1").get_attribute("open") is not None


def test_a_notebook_shows_it_in_a_frame(browser: Any, tmp_path: Path) -> None:
    """The frame's links stay inside, its script runs, and neither reaches the notebook."""
    (tmp_path / "notebook.html").write_text(
        f"<!DOCTYPE html><title>notebook</title>{sample()._repr_html_()}", encoding="utf-8"
    )
    browser.get((tmp_path / "notebook.html").resolve().as_uri())
    browser.switch_to.frame(0)
    assert press(browser, "time") == "descending"
    browser.find_element("css selector", "#layers tbody th a").click()
    assert browser.find_element("css selector", "#layer-0").get_attribute("open") is not None
    assert "Work on these first" in browser.find_element("css selector", "main").text
    browser.switch_to.default_content()
    assert browser.title == "notebook" and browser.get_log("browser") == []


@pytest.mark.parametrize("width", [400, 1000, 1600])
def test_a_comparison_renders_sorts_and_fits(browser: Any, tmp_path: Path, width: int) -> None:
    before, after = sample(), sample()
    slower = replace(after.rows[1], ticks=(replace(after.rows[1].ticks[0], raw=(900,) * 5),))
    found = compare(before, replace(after, rows=(after.rows[0], slower, after.rows[2])))
    (tmp_path / "change.html").write_text(render_comparison(found), encoding="utf-8")
    size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.get((tmp_path / "change.html").resolve().as_uri())
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    assert names(browser) == ["whole model", "conv", "pool"]
    assert press(browser, "change") == "descending"
    assert names(browser)[0] == "pool"
    for shown, pair in enumerate(found.pairs):
        line = browser.find_element("css selector", f"#layers tr[data-layer='{shown}']")
        (time, *_) = pair.differences
        for what in ("before", "after"):
            cell = line.find_element("css selector", f"[data-quantity={what}]")
            assert float(cell.get_attribute("data-value")) == getattr(time, what)
    assert browser.get_log("browser") == []
