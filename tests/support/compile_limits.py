# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""CPU seconds and memory that compiling takes, beyond `import tvm`.

`python tests/support/compile_limits.py` prints them with their limits; it is a part of
`make coverage-models`. With the path of a model it prints that model's two numbers.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import onnx
from mobilenet import mobilenet
from models import KEYWORD_SPOTTING, SHARED
from onnx import helper, numpy_helper

LAYERS = 1500
CONSTANTS_MIB = 16


def chain(path: Path, layers: int, width: int = 8) -> Path:
    """Write a model of matrix products, one after the other."""
    rng = np.random.default_rng(layers)
    weights = [
        numpy_helper.from_array(rng.normal(size=(width, width)).astype(np.float32), f"w{i}")
        for i in range(layers)
    ]
    nodes = [
        helper.make_node("MatMul", [f"x{i}", f"w{i}"], [f"x{i + 1}"], name=f"product{i}")
        for i in range(layers)
    ]
    ends = [
        helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [1, width])
        for name in ("x0", f"x{layers}")
    ]
    graph = helper.make_graph(nodes, "chain", ends[:1], ends[1:], weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, path)
    return path


def measured(model: Path) -> tuple[float, float]:
    """CPU seconds and MiB of one compilation, in a process of its own."""
    command = [sys.executable, __file__, str(model)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    seconds, mib = done.stdout.split()[-2:]
    return float(seconds), float(mib)


def figures(folder: Path) -> list[tuple[str, float, float, str]]:
    """Name, value, limit and unit of each figure."""
    found = []
    seconds, small = measured(chain(folder / "small.onnx", 4))
    del seconds
    seconds, _ = measured(chain(folder / "long.onnx", LAYERS))
    found.append((f"compile {LAYERS} layers", seconds, 20.0, "s"))
    side = 1024
    count = CONSTANTS_MIB * 2**20 // (4 * side * side)
    seconds, mib = measured(chain(folder / "large.onnx", count, side))
    found.append((f"compile {CONSTANTS_MIB} MiB of constants", seconds, 3.0, "s"))
    # What a small model takes is TVM's, not the constants'.
    found.append(("its memory beyond a small model's", mib - small, 3.0 * CONSTANTS_MIB, "MiB"))
    keywords = SHARED / "models" / f"{KEYWORD_SPOTTING}.tflite"
    if keywords.exists():
        seconds, _ = measured(keywords)
        found.append(("compile keyword spotting", seconds, 1.0, "s"))
    seconds, _ = measured(mobilenet(folder / "mobilenet.tflite"))
    found.append(("compile MobileNetV2 0.35 96x96", seconds, 5.0, "s"))
    return found


def show() -> None:
    """Print all figures with their limits."""
    with tempfile.TemporaryDirectory() as folder:
        for name, value, limit, unit in figures(Path(folder)):
            verdict = "" if value <= limit else "  BEYOND"
            print(f"{name:36} {value:8.2f} {unit:4} limit {limit:g}{verdict}")


def _status(key: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(key))


def _compile(model: Path) -> None:
    import tvm.relax  # noqa: F401
    from zephyr_counters.compile import compile_model

    before = _status("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")
    begin = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        compile_model(model, output=Path(folder) / "model.tar")
    print(f"{time.process_time() - begin:.3f} {_status('VmHWM') - before:.1f}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        _compile(Path(sys.argv[1]))
    else:
        show()
