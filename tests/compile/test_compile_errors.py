# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Models that cannot be compiled: a clear error that names operator and layer, and no crash."""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from models import shared_model
from onnx import TensorProto, helper
from onnx_models import FLOAT, model
from tvm import relax
from zephyr_counters.compile import compile_model
from zephyr_counters.compile.graph import read
from zephyr_counters.compile.lower import lower
from zephyr_counters.compile.messages import reason, without_log
from zephyr_counters.errors import ArchiveError, CompileError, UsageError, ZephyrCountersError
from zephyr_counters.formats.model_archive import ModelArchive


def one_node(
    op: Any,
    inputs: Any,
    outputs: Any,
    constants: Any = None,
    name: str = "the_layer",
    **attributes: Any,
) -> Any:
    sources = [item[0] for item in inputs] + list(constants or {})
    node = helper.make_node(op, sources, [item[0] for item in outputs], name=name, **attributes)
    return model([node], inputs, outputs, constants)


def compile_onnx(made: Any, tmp_path: Path, **options: Any) -> Any:
    path = tmp_path / "some_model.onnx"
    onnx.save(made, path)
    return compile_model(path, **options)


UNSUPPORTED: dict[str, Any] = {
    "lowering": (
        lambda: one_node(
            "Div", [("x", FLOAT, [4])], [("y", FLOAT, [4])], {"zero": np.zeros((), np.float32)}
        ),
        "operator divide, layer 'the_layer': ",
    ),
    "importer": (
        lambda: one_node("RandomNormalLike", [("x", FLOAT, [4])], [("y", FLOAT, [4])]),
        "operator RandomNormalLike, layer 'the_layer'",
    ),
    "several operators": (
        lambda: model(
            [
                helper.make_node("Det", ["x"], ["a"], name="first"),
                helper.make_node("Relu", ["x"], ["b"], name="second"),
                helper.make_node("StringNormalizer", ["a"], ["c"]),
                helper.make_node("Unique", ["b"], ["y"], name="third"),
            ],
            [("x", FLOAT, [4, 4])],
            [("y", FLOAT, ["n"])],
            check=False,
        ),
        "3 operators cannot be compiled:\n"
        "  operator Det, layer 'first': is not supported\n"
        "  operator StringNormalizer, layer 'c': is not supported\n"
        "  operator Unique, layer 'third': the number of its results depends on inputs",
    ),
    "shape that depends on data": (
        lambda: one_node("NonZero", [("x", FLOAT, [9])], [("y", TensorProto.INT64, [1, "n"])]),
        "operator NonZero, layer 'the_layer': the number of its results depends on inputs",
    ),
    "element type": (
        lambda: one_node(
            "Cast", [("x", FLOAT, [9])], [("y", TensorProto.FLOAT16, [9])], to=TensorProto.FLOAT16
        ),
        "operator astype, layer 'the_layer': type float16 is not supported",
    ),
    "dynamic input": (
        lambda: one_node("Relu", [("x", FLOAT, ["n", "m"])], [("y", FLOAT, ["n", "m"])]),
        "input 'x' has the open shape [?,?]",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(UNSUPPORTED))
def test_the_error_names_operator_and_layer(name: Any, tmp_path: Path) -> None:
    make, text = UNSUPPORTED[name]
    with pytest.raises(CompileError) as caught:
        compile_onnx(make(), tmp_path)
    assert text in str(caught.value)
    assert caught.value.what.startswith("some_model.onnx: ")


def test_a_dynamic_input_can_be_given_a_shape(tmp_path: Path) -> None:
    made = one_node("Relu", [("x", FLOAT, ["n", 4])], [("y", FLOAT, ["n", 4])])
    archive = compile_onnx(made, tmp_path, input_shapes={"x": (2, 4)})
    assert archive.inputs[0].shape == (2, 4)
    with pytest.raises(UsageError, match="no input is called 'z'; there are: x"):
        compile_onnx(made, tmp_path, input_shapes={"z": (2, 4)})


def test_foreign_files(tmp_path: Path) -> None:
    for content in (b"", b"\0", b"hello, this is not a model\n" * 99, b"\x1c\0\0\0TFL3", b"PK\3\4"):
        path = tmp_path / "file.tflite"
        path.write_bytes(content)
        with pytest.raises(CompileError, match=r"file\.tflite"):
            compile_model(path)
    with pytest.raises(CompileError, match="cannot be read"):
        compile_model(tmp_path / "missing.tflite")
    with pytest.raises(CompileError, match="cannot be read"):
        compile_model(tmp_path)


def test_content_decides_not_the_name(tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(shared_model("ad01_int8").read_bytes())
    assert compile_model(path).inputs[0].shape == (1, 640)


@pytest.mark.slow
def test_damaged_tflite_files(tmp_path: Path) -> None:
    """Truncated anywhere, or with bytes changed where its tables are: an error or a model."""
    data = shared_model("kws_ref_model").read_bytes()
    path = tmp_path / "model.tflite"
    for fraction in (0.001, 0.3, 0.7, 0.95, 0.999):
        path.write_bytes(data[: int(len(data) * fraction)])
        with pytest.raises(CompileError):
            compile_model(path)
    rng = random.Random(1)
    for _ in range(12):
        damaged = bytearray(data)
        for _ in range(3):
            damaged[-rng.randrange(1, 16000)] = rng.randrange(256)
        path.write_bytes(damaged)
        try:
            compile_model(path)
        except ZephyrCountersError as error:
            assert str(error)


def test_targets(tmp_path: Path) -> None:
    path = shared_model("ad01_int8")
    with pytest.raises(UsageError, match="target 'llvm' is not known"):
        compile_model(path, "llvm")
    with pytest.raises(UsageError, match="extension 'warp-drive' is not known"):
        compile_model(path, "c,warp-drive")
    with pytest.raises(ArchiveError, match="cannot be written"):
        compile_model(path, "c", tmp_path / "no" / "such" / "folder.tar")


def test_the_name_is_safe_in_c(tmp_path: Path) -> None:
    path = tmp_path / 'a "name" with\\ odd*/letters.tflite'
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(shared_model("ad01_int8").read_bytes())
    assert compile_model(path).name == "letters"
    assert compile_model(path, name='x"; y').name == "x_y"


def test_names_have_bounds(tmp_path: Path) -> None:
    """Long ones that share a beginning stay apart, and the archive can be read."""
    names = ["n" * 5000, "n" * 4999 + "m", "n" * 4999 + "o"]
    nodes = [
        helper.make_node("MatMul", [names[0], "w"], [names[1]], name="l" * 5000),
        helper.make_node("MatMul", [names[1], "w"], [names[2]], name="l" * 4999 + "m"),
    ]
    made = model(
        nodes,
        [(names[0], FLOAT, [1, 4])],
        [(names[2], FLOAT, [1, 4])],
        {"w": np.eye(4, dtype=np.float32)},
    )
    path = tmp_path / "long.onnx"
    onnx.save(made, path)
    compile_model(path).save(tmp_path / "long.tar")
    archive = ModelArchive.open(tmp_path / "long.tar")
    found = [tensor.name for tensor in (*archive.inputs, *archive.outputs)]
    layers = [layer.name for layer in archive.layers]
    assert len(set(found)) == 2 and len(set(layers)) == len(layers) == 2
    assert all(len(name) <= 200 for name in [*found, *layers])


def test_no_warning_of_tvm_is_printed(tmp_path: Path, capfd: Any) -> None:
    exponent = {"n": np.array(4, np.float32)}
    made = one_node("Pow", [("x", FLOAT, [4])], [("y", FLOAT, [4])], exponent)
    compile_onnx(made, tmp_path)
    assert capfd.readouterr() == ("", "")


def test_what_others_print_is_not_lost(capfd: Any) -> None:
    with without_log():
        os.write(2, b"[10:11:12] /project/src/a.cc:7: Warning: TVM's own\nof another\n")
    assert capfd.readouterr().err == "of another\n"


def test_all_that_has_no_lowering_is_listed() -> None:
    builder = relax.BlockBuilder()
    x = relax.Var("x", relax.TensorType([4], "float32"))
    with builder.function("main", params=[x]):
        with builder.dataflow():
            first = builder.emit(relax.op.argsort(x))
            second = builder.emit(relax.op.argsort(x, descending=True))
            result = builder.emit_output(relax.Tuple([first, second]))
        builder.emit_func_output(result)
    labels = {first: "ascending", second: "descending"}
    with pytest.raises(CompileError, match=r"(?s)layer 'ascending'.*layer 'descending'"):
        lower(read(builder.get(), labels.get))


def test_an_error_of_the_importer_says_something_of_the_operator() -> None:
    error = AttributeError("'NoneType' object has no attribute 'shape'")
    assert reason(error).startswith("has inputs or attributes of a form that is not supported")
    assert reason(ValueError("its axis is 7")) == "its axis is 7"
