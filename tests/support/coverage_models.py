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
from compile_fixtures import build
from models import SHARED
from models_page import PAGE, with_results
from onnx_backend import Case, cases, difference
from references import check
from zephyr_counters.compile import compile_model
from zephyr_counters.compile import source as sources
from zephyr_counters.errors import ZephyrCountersError
from zephyr_counters.validate.inputs import rounds
from zephyr_counters.validate.reference import reference


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


def shared_models() -> list[Path]:
    """The shared folder's real models."""
    return sorted(p for p in (SHARED / "models").rglob("*") if p.suffix in (".onnx", ".tflite"))


def model_trial(path: Path, folder: Path) -> tuple[str, str]:
    """As `trial`, of a model file, against LiteRT or ONNX's reference."""
    try:
        archive = compile_model(path)
    except ZephyrCountersError as error:
        return "refused", str(error)
    inputs = rounds(archive.inputs, 4)
    got = build(archive, folder, "-O1").run(inputs)
    try:
        runtime = reference(sources.read(path), path.suffix[1:])
        wanted = [runtime.run(arrays) for arrays in inputs]
    except ZephyrCountersError as error:
        return "not compared", str(error)
    try:
        check(got, wanted, steps=1, part=1e-3)
    except AssertionError as error:
        return "differs", str(error)[:200]
    return "pass", ""


def main() -> int:
    """Try all, or those whose name contains a word."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("words", nargs="*", help="only tests whose name contains one of these")
    parser.add_argument("--every", type=int, default=1, help="only every Nth test")
    parser.add_argument("--from", dest="first", type=int, default=0, help="the first of them")
    parser.add_argument("--page", action="store_true", help="write the table of docs/models.md")
    parser.add_argument("--output", type=Path, help="a JSON line per test")
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
            options.output.parent.mkdir(parents=True, exist_ok=True)
            options.output.write_text("".join(json.dumps(line) + "\n" for line in lines))
    if options.page:
        results = {family: dict(counter) for family, counter in counts.items()}
        PAGE.write_text(with_results(PAGE.read_text(), results))
    if not options.words:
        for path in shared_models():
            with tempfile.TemporaryDirectory() as folder:
                result, why = model_trial(path, Path(folder))
            counts["shared models"][result] += 1
            lines.append({"name": path.name, "op": "", "result": result, "why": why})
    for family, counter in sorted(counts.items()):
        print(f"{family:16}", ", ".join(f"{n} {what}" for what, n in counter.most_common()))
    total = sum(counts.values(), collections.Counter())
    print(f"{'all':16}", ", ".join(f"{n} {what}" for what, n in total.most_common()))
    if not options.words:
        compile_limits.show()
    return 0


if __name__ == "__main__":
    sys.exit(main())
