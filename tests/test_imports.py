# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Imports of the host package: no circles, no upward dependencies, nothing but data in a report.

Every import statement counts: at module level, inside functions, and for type checkers only. That a
module runs its parent packages first does not: a package's `__init__` may list its modules.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest
import zephyr_counters

NAME = "zephyr_counters"
ROOT = Path(zephyr_counters.__file__).parent

FLOORS = (
    {"", "errors"},  # "" is the package itself: its version
    {"processes"},
    {"formats"},
    {"resources"},
    {"blob"},
    {"extensions"},
    {"compile", "link"},
    {"rpc"},
    {"board"},
    {"report"},
    {"measure"},
    {"project", "microtvm"},
    {"roofs", "validate"},
    {"demo"},
    {"cli"},
    {"__main__"},
)
"""Packages from the bottom. Each may import what is on lower floors, and nothing on its own."""

STANDALONE = {
    "project_api": {"errors", "processes", "formats", "link"},
    "formats": {"errors"},
    "processes": {"errors"},
}
"""What a generated project takes along: standard library and these packages only."""

OPTIONAL = {
    ("link.transports.usb_ports", "serial.tools.list_ports"),
    ("link.transports.serial_port", "serial"),
}
"""Imported inside a function, where a message says what to install."""

DATA = ("report.report", "report.statistics", "report.totals", "report.compare", "report.runs")
RENDERERS = ("report.exports", "report.page", "report.table")


def dotted(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {dotted(path): path for path in ROOT.rglob("*.py") if "_data" not in path.parts}


def imported(tree: ast.AST, module: str) -> Iterator[str]:
    """Full names of what a module imports."""
    package = module if MODULES[module].name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = f"{NAME}.{package}".rstrip(".").split(".")
                base = ".".join([*parts[: len(parts) - node.level + 1], base]).rstrip(".")
            yield from (f"{base}.{one.name}" for one in node.names)


@cache
def graph() -> Mapping[str, frozenset[str]]:
    """Modules of this package that each module imports."""
    edges = {}
    for module, path in MODULES.items():
        found = set()
        for name in imported(ast.parse(path.read_text(encoding="utf-8")), module):
            if name.partition(".")[0] == NAME:
                inner = name.partition(".")[2]
                while inner not in MODULES:
                    inner = inner.rpartition(".")[0]
                found.add(inner)
        edges[module] = frozenset(found)
    return edges


def reachable(start: str) -> set[str]:
    """Modules that a module imports, directly or not."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        for one in graph()[waiting.pop()]:
            if one not in seen:
                seen.add(one)
                waiting.append(one)
    return seen


def package(module: str) -> str:
    return module.partition(".")[0]


def floor(module: str) -> int:
    (found,) = (index for index, names in enumerate(FLOORS) if package(module) in names)
    return found


def test_every_package_has_a_floor() -> None:
    known = set().union(*FLOORS) | set(STANDALONE)
    assert {package(module) for module in MODULES} == known


@pytest.mark.slow
@pytest.mark.parametrize("top", sorted({package(module) for module in MODULES}))
def test_no_two_files_import_each_other(top: str) -> None:
    circles = {
        tuple(sorted({module, *(one for one in reachable(module) if module in reachable(one))}))
        for module in MODULES
        if package(module) == top and module in reachable(module)
    }
    assert not circles


@pytest.mark.parametrize("top", sorted(set().union(*FLOORS)))
def test_dependencies_point_down(top: str) -> None:
    upward = {
        (module, one)
        for module, ones in graph().items()
        for one in ones
        if package(module) == top != package(one)
        and (package(one) == "project_api" or floor(one) >= floor(module))
    }
    assert not upward


@pytest.mark.parametrize("module", DATA)
def test_a_report_is_data_and_imports_no_renderer(module: str) -> None:
    found = {one for one in reachable(module) if one.startswith(RENDERERS)}
    assert not found
    for one in {module, *reachable(module)}:
        names = imported(ast.parse(MODULES[one].read_text(encoding="utf-8")), one)
        assert not {"rich", "pandas", "numpy"} & {name.partition(".")[0] for name in names}


@pytest.mark.parametrize("top", sorted(STANDALONE))
def test_what_a_generated_project_takes_along_needs_only_the_standard_library(top: str) -> None:
    allowed = {*sys.stdlib_module_names, NAME}
    foreign = set()
    for module in (one for one in MODULES if package(one) == top):
        for name in imported(ast.parse(MODULES[module].read_text(encoding="utf-8")), module):
            if name.partition(".")[0] not in allowed and (module, name) not in OPTIONAL:
                foreign.add((module, name))
        for one in graph()[module]:
            if package(one) not in {top, *STANDALONE[top]}:
                foreign.add((module, one))
    assert not foreign


def test_a_circle_and_a_foreign_import_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The walk sees imports in functions, relative ones, and modules named by their package."""
    source = (
        "def f():\n  from . import json\n  from zephyr_counters.report import table\n  import x.y"
    )
    found = set(imported(ast.parse(source), "report.exports.csv"))
    assert found == {f"{NAME}.report.exports.json", f"{NAME}.report.table", "x.y"}
    monkeypatch.setattr(
        sys.modules[__name__], "graph", lambda: {"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}
    )
    assert reachable("a") == {"a", "b", "c"} and "d" not in reachable("d")
