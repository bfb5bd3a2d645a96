# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Finding extensions' folders, and bringing an extension in by adding a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx_models import Quantized
from zephyr_counters.compile import compile_model
from zephyr_counters.errors import UsageError
from zephyr_counters.extensions import loader
from zephyr_counters.formats import python_file

# A whole kernel library: it takes matrix products only, by a call of its driver.
PATTERNS = """
from tvm.tirx.script import builder as T

from zephyr_counters.extensions.kernel import Candidate, Lowering
from zephyr_counters.extensions.operator import MatrixProduct
from zephyr_counters.extensions.tensor_ir import argument, body, kernel


class Toy:
    name = "toy"

    def candidates(self, op):
        if isinstance(op, MatrixProduct) and op.x.dtype == "int8":
            yield Candidate("run", lambda: self.lower(op), estimate=100)

    def lower(self, op):
        with kernel() as builder:
            x = argument("x", op.x.shape, "int8")
            weight = argument("weight", op.weight.shape, "int8")
            y = argument("y", op.y.shape, "int8")
            with body():
                T.evaluate(T.call_extern("int32", "toy_run", x.data, weight.data, y.data))
        return Lowering("toy_matmul", builder.get(), (op.weight,))


def register(add):
    add(Toy())
"""
DESCRIPTION = """
{
 "format": 1,
 "name": "toy",
 "patterns": "patterns.py",
 "decoder": {"file": "decoder.py", "compatible": "vendor,toy", "counter": "log"}
}
"""


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    folder = tmp_path / "vendor" / "toy"
    folder.mkdir(parents=True)
    (folder / "extension.json").write_text(DESCRIPTION)
    (folder / "patterns.py").write_text(PATTERNS)
    (folder / "decoder.py").write_text("def decode(data):\n    return {'length': len(data)}\n")
    monkeypatch.setenv("ZEPHYR_COUNTERS_EXTENSIONS", str(folder.parent))
    return folder


def dense_model(path: Any) -> Any:
    q = Quantized(seed=1)
    x = q.input((1, 4, 4, 4))
    weight, _ = q.weight((8, 4, 1, 1))
    y = q.requantize(q.node("Conv", [x, weight], kernel_shape=[1, 1]))
    y = q.requantize(q.node("Flatten", [y]))
    weight, _ = q.weight((128, 6), axis=1)
    onnx.save(q.finish(q.node("MatMul", [y, weight]), (1, 6)), path)
    return path


def test_the_reference_accelerator_is_there() -> None:
    folder = loader.load("mac-array")
    assert folder.patterns().name == "mac-array"
    assert folder.decoder is not None
    assert folder.decoder.compatible == "zephyr-counters,mac-array"


def test_one_folder_brings_an_extension_in(toy: Any, tmp_path: Path) -> None:
    archive = compile_model(dense_model(tmp_path / "model.onnx"), "c,toy")
    assert [layer.accelerator for layer in archive.layers] == [None, "toy"]
    assert archive.accelerators == ("toy",)
    assert archive.target == "c,toy"
    assert b"toy_run(" in archive.files["src/kernels.c"]
    (decoder,) = [d for d in loader.decoders() if d.compatible == "vendor,toy"]
    assert decoder.load()(b"abc") == {"length": 3}


def test_accelerators_are_asked_in_the_order_of_the_target(toy: Any, tmp_path: Path) -> None:
    path = dense_model(tmp_path / "model.onnx")
    first = compile_model(path, "c,mac-array,toy")
    assert [layer.accelerator for layer in first.layers] == ["mac-array", "mac-array"]
    second = compile_model(path, "c, toy, mac-array")
    assert [layer.accelerator for layer in second.layers] == ["mac-array", "toy"]
    assert second.accelerators == ("mac-array", "toy")


def test_an_installed_package_names_a_folder_of_extensions(
    toy: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ZEPHYR_COUNTERS_EXTENSIONS")
    assert "toy" not in loader.find()
    site = tmp_path / "site"
    info = site / "vendor-1.0.dist-info"
    info.mkdir(parents=True)
    (site / "vendor_extensions.py").write_text(f"FOLDER = {str(toy.parent)!r}\n")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: vendor\nVersion: 1.0\n")
    entry = "[zephyr_counters.extensions]\nvendor = vendor_extensions:FOLDER\n"
    (info / "entry_points.txt").write_text(entry)
    monkeypatch.syspath_prepend(str(site))
    assert loader.find()["toy"].path == toy


def test_unknown_and_incomplete(toy: Any) -> None:
    with pytest.raises(UsageError, match="extension 'none' is not known") as caught:
        loader.load("none")
    assert "mac-array, toy" in str(caught.value)
    (toy / "extension.json").write_text('{"format": 1, "name": "toy"}')
    folder = loader.load("toy")
    assert folder.decoder is None
    with pytest.raises(UsageError, match="has no patterns"):
        folder.patterns()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"format": 1, "name": 3}', "name 3 is not"),
        ('{"format": 1, "name": "Two Words"}', "is not lower-case"),
        ('{"format": 1, "patterns": "x.py"}', "is not valid: 'name' is missing"),
        ('{"format": 1, "name": ', "is not valid"),
        ('{"format": 1, "name": "toy", "decoder": {"file": "x.py"}}', "is not valid"),
        ('{"format": 1, "name": "toy", "decoder": "x.py"}', "is not valid"),
        ('{"format": 1, "name": "toy", "patterns": "../x.py"}', "not in the extension's folder"),
        ('{"format": 1, "name": "toy", "pattern": "x.py"}', "unknown member 'pattern'"),
        ('{"format": 2, "name": "toy"}', "format 2; this version reads 1"),
        ('{"name": "toy"}', "'format' is missing"),
        ("[" * 99999, "is not valid"),
        ("[]", "is not valid"),
    ],
)
def test_descriptions_that_are_not_valid(toy: Any, text: Any, message: Any) -> None:
    (toy / "extension.json").write_text(text)
    with pytest.raises(UsageError, match=message):
        loader.find()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = 1\n", "has no function register"),
        ("def register(add):\n    pass\n", "registers no kernel library called 'toy'"),
        ("import no_such_module_anywhere\n", "cannot be loaded"),
        ("def register(:\n", "cannot be loaded"),
    ],
)
def test_patterns_that_do_not_load(toy: Any, text: Any, message: Any) -> None:
    (toy / "patterns.py").write_text(text)
    with pytest.raises(UsageError, match=message):
        loader.load("toy").patterns()


def test_decoders_that_do_not_load(toy: Any) -> None:
    (toy / "decoder.py").write_text("y = 1\n")
    decoder = loader.load("toy").decoder
    with pytest.raises(UsageError, match=r"has no function decode\(bytes\)"):
        decoder.load()


def test_jobs_describe_the_operator() -> None:
    module = python_file.load(loader.load("mac-array").patterns_file)
    from zephyr_counters.extensions.operator import Convolution
    from zephyr_counters.extensions.tensors import Image

    op = Convolution(
        x=Image.of((2, 3, 10, 12), "int8", "NCHW"),
        y=Image.of((2, 5, 6, 8), "int8", "NHWC"),
        weight=np.zeros((8, 5, 3, 3), np.int8),
        bias=np.zeros(8, np.int32),
        multiplier=np.full(8, 1 << 30, np.int32),
        shift=np.full(8, 31, np.int32),
        x_zero=-7, y_zero=9, low=-128, high=100,
        stride=(2, 2), dilation=(1, 3), pad_top=1, pad_left=2,
    )  # fmt: skip
    assert module.job(op).tolist() == [
        2, 10, 12, 3, 5, 6, 8, 5, 3, 2, 2, 1, 3, 1, 2, 1,
        12, 1, 120, 45, 9, 3, 1, 48, 8, 1, -7, 9, -128, 100, 360, 240,
    ]  # fmt: skip


def test_an_extension_of_a_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ext" / "theirs").mkdir(parents=True)
    (tmp_path / "ext/theirs/extension.json").write_text('{"format": 1, "name": "theirs"}')
    (tmp_path / "vendor_ext.py").write_text(
        "from pathlib import Path\nFOLDER = Path(__file__).parent / 'ext'\n"
    )
    info = tmp_path / "vendor_ext-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: vendor_ext\nVersion: 1\n")
    group = "[zephyr_counters.extensions]\nvendor = vendor_ext:FOLDER\n"
    (info / "entry_points.txt").write_text(group)
    monkeypatch.syspath_prepend(str(tmp_path))
    assert {"theirs", "mac-array"} <= set(loader.find())
