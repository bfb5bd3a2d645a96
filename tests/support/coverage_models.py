# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""How many models and operators compile and give the right values; `make coverage-models`."""

from __future__ import annotations

import argparse
import collections
import json
import sys
import tempfile
import traceback
from pathlib import Path

import compile_limits
import numpy as np
import real_models
from compile_fixtures import build
from micro_operators import BUILTIN, CUSTOM
from models import SHARED
from models_page import PAGE, tflite_operators, with_results
from onnx_backend import Case, cases, difference
from zephyr_counters.compile import compile_model
from zephyr_counters.errors import ZephyrCountersError

PASS = 700
"""How many of ONNX's tests have to pass, at least."""


def trial(case: Case, folder: Path) -> tuple[str, str]:
    """("pass" | "refused" | "wrong" | "traceback" | "broken", why)."""
    path = folder / "model.onnx"
    path.write_bytes(case.model.SerializeToString())
    try:
        archive = compile_model(path)
    except ZephyrCountersError as error:
        text = f"{error.what} | {error.hint}"
        return ("traceback" if "please report" in text else "refused"), text
    except BaseException:
        return "traceback", traceback.format_exc()[-600:]
    try:
        inputs = [np.asarray(x) for x in case.inputs]
        if len(inputs) != len(archive.inputs):
            return "broken", f"{len(archive.inputs)} inputs"
        got = build(archive, folder / "build", "-O0").run([inputs])[0]
    except BaseException as error:
        return "broken", f"{type(error).__name__}: {str(error)[:400]}"
    why = difference(got, case)
    return ("pass", "") if why is None else ("wrong", why)


def micro_operators() -> str:
    """How many of TensorFlow Lite Micro's operators have a converter."""
    every = BUILTIN | CUSTOM
    lacking = sorted(every - set(tflite_operators()))
    return f"{len(every) - len(lacking)} of {len(every)} {' '.join(lacking)}".rstrip()


def real(paths: list[Path]) -> tuple[list[dict[str, str]], str]:
    """A line for each real model, and their numbers."""
    lines = [
        {"name": path.name, "op": "", "result": result, "why": why}
        for path, result, why in real_models.trials(real_models.found(paths), False)
    ]
    for line in lines:
        if line["result"] != "agrees":
            print(f"{line['name']}: {line['result']}: {' '.join(line['why'].split()):.200}")
    return lines, _numbers(collections.Counter(line["result"] for line in lines))


def _numbers(counter: collections.Counter[str]) -> str:
    return ", ".join(f"{number} {what}" for what, number in counter.most_common())


def main() -> int:
    """Try all, or those whose name contains a word."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("words", nargs="*", help="only tests whose name contains one of these")
    parser.add_argument("--every", type=int, default=1, help="only every Nth test")
    parser.add_argument("--from", dest="first", type=int, default=0, help="the first of them")
    parser.add_argument("--page", action="store_true", help="write the table of docs/models.md")
    parser.add_argument("--output", type=Path, help="a JSON line per test")
    parser.add_argument(
        "--models", type=Path, nargs="*", help="real models, or folders of them (default: shared)"
    )
    options = parser.parse_args()
    chosen = [
        case
        for case in cases()
        if not options.words or any(word in case.name for word in options.words)
    ][options.first :: options.every]
    counts: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    lines = []
    for case in chosen:
        with tempfile.TemporaryDirectory() as folder:
            result, why = trial(case, Path(folder))
        counts[case.family][result] += 1
        lines.append({"name": case.name, "op": case.op, "result": result, "why": why})
        if result != "pass" and sys.stdout.isatty():
            print(f"{case.name}: {result}: {why[:200]}")
        if options.output:
            _save(options.output, lines)
    if options.page:
        results = {family: dict(counter) for family, counter in counts.items()}
        PAGE.write_text(with_results(PAGE.read_text(), results))
    for family, counter in sorted(counts.items()):
        print(f"{family:24} {_numbers(counter)}")
    total = sum(counts.values(), collections.Counter())
    verdict = (
        "" if total["pass"] >= PASS and not total["wrong"] + total["traceback"] else "  BEYOND"
    )
    limit = f"limit {PASS} pass, 0 wrong, 0 traceback{verdict}" if len(chosen) >= PASS else ""
    print(f"{'all tests of ONNX':24} {_numbers(total)}; {limit}".rstrip("; "), flush=True)
    if not options.words:
        print(f"{'operators of TFLM':24} {micro_operators()}")
        found, numbers = real(options.models or [SHARED / "models"])
        lines += found
        print(f"{'real models':24} {numbers}", flush=True)
        compile_limits.show()
    if options.output:
        _save(options.output, lines)
    return 0


def _save(path: Path, lines: list[dict[str, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))


if __name__ == "__main__":
    sys.exit(main())
