# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Frontends: found by content, added from outside, and their packages asked for by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from compile_fixtures import build
from models import shared_model
from onnx import helper
from onnx_models import FLOAT, model
from zephyr_counters.compile import compile_model, frontends
from zephyr_counters.compile.source import Source
from zephyr_counters.errors import CompileError, UsageError

# A whole frontend: a text file with a shape, then unary operators, one per line.
FRONTEND = """
from tvm import relax

from zephyr_counters.compile import graph
from zephyr_counters.compile.frontends.frontend import Imported
from zephyr_counters.errors import CompileError

name = "steps"
suffixes = (".steps",)
packages = ()
extra = "zephyr-counters-steps"


def detects(data, path):
    return data.startswith(b"STEPS\\n")


def load(data, shapes):
    _, shape, *operators = data.decode().split("\\n")
    x = relax.Var("x", relax.TensorType([int(n) for n in shape.split()], "float32"))
    builder, labels = relax.BlockBuilder(), {}
    with builder.function("main", params=[x]):
        with builder.dataflow():
            value = x
            for index, operator in enumerate(operators):
                if operator not in ("exp", "tanh"):
                    raise CompileError(f"operator {operator} is not supported")
                value = builder.emit(getattr(relax.op, operator)(value))
                labels[value] = f"line {index + 3}"
            result = builder.emit_output(value)
        builder.emit_func_output(result)
    return Imported(graph.read(builder.get(), labels.get), ["x"], ["y"])
"""


@pytest.fixture
def steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """An installed package that brings the frontend."""
    site = tmp_path / "site"
    info = site / "steps-1.0.dist-info"
    info.mkdir(parents=True)
    (site / "steps_frontend.py").write_text(FRONTEND)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: steps\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[{frontends.ENTRY_POINTS}]\nsteps = steps_frontend\n")
    monkeypatch.syspath_prepend(str(site))
    return site


def relu(path: Any) -> Any:
    node = helper.make_node("Relu", ["x"], ["y"])
    onnx.save(model([node], [("x", FLOAT, [4])], [("y", FLOAT, [4])]), path)
    return path


def test_a_frontend_from_outside_compiles_a_model(steps: Any, tmp_path: Path) -> None:
    path = tmp_path / "model.steps"
    path.write_bytes(b"STEPS\n2 3\ntanh\nexp")
    archive = compile_model(path)
    assert [(layer.name, layer.ops) for layer in archive.layers] == [("line 3", ("tanh", "exp"))]
    x = np.linspace(-2, 2, 6, dtype=np.float32).reshape(2, 3)
    ((y,),) = build(archive, tmp_path).run([[x]])
    np.testing.assert_allclose(y, np.exp(np.tanh(x)), rtol=1e-5)
    path.write_bytes(b"STEPS\n2 3\nbogus")
    with pytest.raises(CompileError, match=r"model\.steps: operator bogus is not supported"):
        compile_model(path, model_format="steps")


def test_a_frontend_that_does_not_load_is_named(steps: Any, tmp_path: Path) -> None:
    (steps / "steps_frontend.py").write_text("import no_such_module_anywhere\n")
    import sys

    sys.modules.pop("steps_frontend", None)
    with pytest.raises(UsageError, match=r"model frontend 'steps' \(steps_frontend\)"):
        compile_model(relu(tmp_path / "model.onnx"))


def test_content_decides(tmp_path: Path) -> None:
    (tflite,) = [item for item in frontends.FRONTENDS if item.name == "tflite"]
    (onnx_,) = [item for item in frontends.FRONTENDS if item.name == "onnx"]
    model_of = {
        onnx_: relu(tmp_path / "a.bin").read_bytes(),
        tflite: shared_model("ad01_int8").read_bytes(),
    }
    for frontend, data in model_of.items():
        for part in (data, data[: len(data) // 2], data[:9]):
            assert frontends.detect(Source(Path("any"), part)) is frontend
    for data in (b"\0", b"\x80" * 40, b"PK\3\4", b"hello, this is not a model\n", b"\x10\x01"):
        with pytest.raises(CompileError, match=r"known format \(tflite, onnx, pytorch\)"):
            frontends.detect(Source(Path("any"), data))


def test_a_format_can_be_demanded(tmp_path: Path) -> None:
    path = relu(tmp_path / "model.tflite")
    compile_model(path, model_format="onnx")
    with pytest.raises(UsageError, match="looks like onnx, not tflite"):
        compile_model(path, model_format="tflite")
    with pytest.raises(UsageError, match="model format 'caffe' is not known") as caught:
        compile_model(path, model_format="caffe")
    assert "tflite, onnx" in str(caught.value)


def test_a_missing_package_is_named_with_its_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = relu(tmp_path / "model.onnx")
    monkeypatch.setattr(frontends.onnx, "packages", ("no_such_package_anywhere",))
    with pytest.raises(UsageError, match="needs the package no_such_package_anywhere") as caught:
        compile_model(path)
    assert "pip install 'zephyr-counters[onnx]'" in str(caught.value)


def test_every_extra_is_in_pyproject() -> None:
    text = (Path(__file__).parents[2] / "host" / "pyproject.toml").read_text()
    for frontend in frontends.FRONTENDS:
        extra = frontend.extra.removeprefix("zephyr-counters[").removesuffix("]")
        assert f"\n{extra} = [" in text
