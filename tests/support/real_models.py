# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Takes real model files through the compiler, and prints a table of what became of each.

`python tests/support/real_models.py [FILE or FOLDER ...]`; the shared models if none is given.
Each is compiled, built for this machine, run, and compared as `tvmc compile --verify` does. With
`--project` that is done through a project on the posix board, which is profiled, too.
"""

from __future__ import annotations

import argparse
import collections
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from compile_fixtures import build
from models import SHARED
from zephyr_counters.compile import compile_model, frontends
from zephyr_counters.compile import source as sources
from zephyr_counters.errors import CompileError, UsageError, ZephyrCountersError
from zephyr_counters.validate import on_board, process
from zephyr_counters.validate.comparison import compare
from zephyr_counters.validate.inputs import rounds
from zephyr_counters.validate.validate import Validation

TIMEOUT_S = 600
RUNS = 4


def found(paths: Sequence[Path]) -> list[Path]:
    """Model files among and below paths."""
    every = [p for path in paths for p in ([path] if path.is_file() else path.rglob("*"))]
    return sorted(p for p in every if p.suffix in (".onnx", ".tflite"))


def natively(path: Path, folder: Path) -> Validation:
    """Compare the generated code alone, without a firmware around it."""
    archive = compile_model(path)
    source = sources.read(path)
    inputs = rounds(archive.inputs, RUNS)
    runtime = process.run(source, frontends.detect(source).name, inputs)
    wanted = runtime.outputs
    got = build(archive, folder, "-O1").run(inputs)
    differences = [
        compare(tensor.name, [r[i] for r in got], [r[i] for r in wanted], runtime.steps[i])
        for i, tensor in enumerate(archive.outputs)
    ]
    return Validation(runtime.name, RUNS, differences, part=runtime.tolerance)


def as_project(path: Path, folder: Path) -> Validation:
    """Create, build, run and profile a project on the posix board."""
    from zephyr_counters.board.board import Board
    from zephyr_counters.measure.profile import profile
    from zephyr_counters.project import create

    archive = compile_model(path, output=folder / "model.tar")
    project = create("zephyr-counters", folder / "model.tar", folder / "p", {"board": "posix"})
    project.build()
    with Board(project) as board:
        report = profile(board, repeat=2)
        assert len(report.rows) == len(archive.layers) + 1
        return on_board(board, archive, path)


def trial(path: Path, project: bool) -> tuple[str, str]:
    """("agrees" | "differs" | "refused" | "no reference" | "failed", details)."""
    try:
        with tempfile.TemporaryDirectory() as folder:
            result = (as_project if project else natively)(path, Path(folder))
    except ZephyrCountersError as error:
        text = f"{error.what} | {error.hint or ''}"
        if isinstance(error, UsageError) and ("cannot run it" in text or "runtime" in text):
            return "no reference", text
        refused = isinstance(error, CompileError) and "please report" not in text
        return ("refused" if refused else "failed"), text
    except Exception as error:
        return "failed", f"{type(error).__name__}: {error}"
    worst = max(result.differences, key=lambda one: one.largest)
    unit = "steps" if worst.integer else "of the largest"
    text = f"{worst.largest:.3g} {unit}, {result.runtime}"
    return ("agrees" if result.passed else "differs"), text


def trials(paths: Sequence[Path], project: bool) -> Iterator[tuple[Path, str, str]]:
    """Each model in a process of its own: one that takes too long does not end the others."""
    for path in paths:
        how = ["--project"] if project else []
        command = [sys.executable, __file__, "--one", *how, str(path)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S)
            result, why = json.loads(done.stdout.splitlines()[-1])
        except subprocess.TimeoutExpired:
            result, why = "failed", f"takes more than {TIMEOUT_S} s"
        except (ValueError, IndexError):
            result, why = "failed", (done.stderr.strip().splitlines() or ["crashed"])[-1]
        yield path, result, why


def main() -> int:
    """Print the table, and how many there are of each result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--project", action="store_true", help="through a project")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(trial(options.paths[0], options.project)))
        return 0
    count: collections.Counter[str] = collections.Counter()
    for path, result, why in trials(found(options.paths or [SHARED / "models"]), options.project):
        count[result] += 1
        print(f"{result:12} {path.name:44} {' '.join(why.split())[:300]}", flush=True)
    print(", ".join(f"{number} {result}" for result, number in count.most_common()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
