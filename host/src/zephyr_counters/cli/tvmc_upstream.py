# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The tvmc of TVM 0.18 and 0.19: it does all the work, with this package's template."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

_ABBREVIATED = {"create": ("PROJECT", "MLF"), "build": ("PROJECT",), "flash": ("PROJECT",)}


def find() -> Callable[[list[str]], int] | None:
    """Return TVM's own tvmc as a function of its arguments, or None if TVM has none."""
    # Without an import: TVM takes seconds, and most of its versions have no tvmc.
    spec = importlib.util.find_spec("tvm")
    folders = (None if spec is None else spec.submodule_search_locations) or ()
    if not any(Path(folder, "driver", "tvmc", "main.py").is_file() for folder in folders):
        return None

    def run(argv: list[str]) -> int:
        # Its parsers read the template or project from the process's own arguments.
        before, sys.argv = sys.argv, ["tvmc", *argv]
        try:
            module = importlib.import_module("tvm.driver.tvmc.main")
            return module._main(argv) or 0
        finally:
            sys.argv = before

    return run


def translated(argv: Sequence[str]) -> list[str]:
    """Return arguments that TVM's own tvmc understands.

    `micro create`, `build` and `flash` without one of its platforms mean this package's template,
    as does `--template zephyr-counters`. All other arguments stay as they are.
    """
    argv = list(argv)
    if len(argv) < 2 or argv[0] != "micro":
        return argv
    command = argv[1].removesuffix("-project")
    if command not in _ABBREVIATED or {"-h", "--help"} & set(argv):
        return argv
    from zephyr_counters.formats.project import TEMPLATE
    from zephyr_counters.project import template_dir

    parser = argparse.ArgumentParser(prog=f"tvmc micro {argv[1]}")
    for name in _ABBREVIATED[command]:
        parser.add_argument(name)
    parser.add_argument("platform", nargs="?")
    parser.add_argument("-f", "--force", action="store_true")
    parser.add_argument("--template", default=None)
    parser.add_argument("--template-dir", default=None)
    parser.add_argument("--project-option", nargs="+", action="extend", default=[])
    known, rest = parser.parse_known_args(argv[2:])
    if known.template is None and known.platform not in (None, TEMPLATE):
        return argv
    folder = template_dir(known.template or known.template_dir or TEMPLATE)
    positional = [getattr(known, name) for name in _ABBREVIATED[command]]
    force = ["-f"] if known.force else []
    options = ["--project-option", *known.project_option] if known.project_option else []
    template = ["template", "--template-dir", str(folder)]
    return ["micro", argv[1], *force, *positional, *template, *rest, *options]
