# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Files of torch.export: found by content, and nothing in them is run. Needs no PyTorch."""

from __future__ import annotations

import importlib.util
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from zephyr_counters.compile import frontends
from zephyr_counters.compile.frontends.pytorch import archive
from zephyr_counters.compile.source import Source
from zephyr_counters.errors import CompileError, UsageError

TREE = {"type": "builtins.tuple", "context": "null", "children_spec": []}
SIZES = [{"as_int": 2}, {"as_int": 3}]


def node(target: str = "torch.ops.aten.relu.default", **more: Any) -> dict[str, Any]:
    """A node as torch writes it."""
    return {"target": target, "inputs": [], "outputs": [], "name": "act", "metadata": {}, **more}


def payload(**more: Any) -> dict[str, Any]:
    """A weight of six floats."""
    meta = {"dtype": 7, "sizes": SIZES}
    return {"path_name": "weight_0", "use_pickle": False, "tensor_meta": meta, **more}


def program(
    nodes: Any = None, weight: Any = None, tree: Any = TREE, members: Any = None, **more: Any
) -> bytes:
    """An archive in the layout of torch.export.save."""
    signature = {"in_spec": json.dumps([1, tree]), "out_spec": json.dumps([1, TREE])}
    module = {
        "graph": {"nodes": [node()] if nodes is None else nodes, **more},
        "module_call_graph": [{"fqn": "", "signature": signature}],
    }
    weights = {"config": {"fc.weight": payload() if weight is None else weight}}
    parts = {
        "data/weights/weight_0": b"\0" * 24,
        "data/weights/model_weights_config.json": json.dumps(weights),
        "data/constants/model_constants_config.json": json.dumps({"config": {}}),
        "models/model.json": json.dumps({"graph_module": module, "guards_code": ["exit()"]}),
        "data/sample_inputs/model.pt": b"a pickle",
        "data/aotinductor/model/code.so": b"a library",
        "archive_format": "pt2",
        **(members or {}),
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as written:
        for name, content in parts.items():
            written.writestr(f"net/{name}", content)
    return made.getvalue()


def names(data: bytes) -> dict[str, bytes]:
    """The members of an archive."""
    with zipfile.ZipFile(io.BytesIO(data)) as read:
        return {name: read.read(name) for name in read.namelist()}


def test_a_copy_has_neither_pickles_nor_code_nor_guards() -> None:
    kept = names(archive.checked(program()))
    assert kept["model/data/sample_inputs/model.pt"] == b""
    assert not any("aotinductor" in name for name in kept)
    assert json.loads(kept["model/models/model.json"])["guards_code"] == []
    assert kept["model/data/weights/weight_0"] == b"\0" * 24


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (program(weight=payload(use_pickle=True)), r"tensor 'fc\.weight' is pickled"),
        (program(weight=payload(path_name="../../passwd")), "has no data in the file"),
        (program(weight=payload(path_name="weight_9")), "has no data in the file"),
        (
            program(
                weight=payload(path_name="opaque_obj_0"),
                members={"data/weights/opaque_obj_0": b"a pickle"},
            ),
            "is an object, not a tensor",
        ),
        (
            program(weight=payload(tensor_meta={"sizes": [{"as_int": 1 << 40}]})),
            "is larger than its data",
        ),
        (
            program([node("torch.os.system"), node("os.system"), node("math.sin")]),
            r"(?s)3 operators.*operator torch\.os\.system, layer 'act'.*os\.system.*math\.sin",
        ),
        (program([node("torch.ops.mine.gemm.default")]), r"operator mine\.gemm\.default, layer"),
        (program([node("torch.ops.higher_order.cond")]), "control flow is not supported"),
        (
            program([node(inputs=[{"name": "f", "arg": {"as_operator": "torch.os.system"}}])]),
            "objects or subgraphs as arguments",
        ),
        (
            program(sym_int_values={"s": {"as_expr": {"expr_str": "__import__('os')"}}}),
            "a size that is no sum of products",
        ),
        (
            program(sym_int_values={"s": {"as_expr": {"expr_str": "exec(chr(95))"}}}),
            "a size that is no sum of products",
        ),
        (
            program(
                sym_int_values={"s": {"as_expr": {"expr_str": "Pow(Integer(9), Integer(9999999))"}}}
            ),
            "a size that is no sum of products",
        ),
        (
            program(tree={**TREE, "context": json.dumps({"__enum__": "evil:X"})}),
            "inputs or outputs of type",
        ),
        (program(tree={**TREE, "type": "evil.Class"}), r"inputs or outputs of type evil\.Class"),
        (program(tree=7), "describes its inputs and outputs in an unknown way"),
        (program([7]), "a node without an operator"),
        (program(members={"models/model.json": "{"}), "is not valid JSON"),
        (program(members={"models/model.json": "[" * 100000}), "is not valid JSON"),
        (program(members={"models/model.json": "{}"}), "has no graph"),
        (program()[:-40], "is not a complete PyTorch archive"),
    ],
)
def test_what_would_run_code_is_refused(data: bytes, what: str) -> None:
    with pytest.raises(CompileError, match=what):
        archive.checked(data)


def zipped(*members: str, compression: int = zipfile.ZIP_STORED) -> bytes:
    """A zip archive with members of those names."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as written:
        for name in members:
            written.writestr(name, "x" * 100)
    return made.getvalue()


def test_other_files_of_torch_say_how_to_export() -> None:
    with pytest.raises(CompileError, match="is a TorchScript file or saved weights") as caught:
        archive.checked(zipped("net/data.pkl", "net/version"))
    assert "torch.export.save" in (caught.value.hint or "")
    with pytest.raises(CompileError, match=r"PyTorch 2\.8 or later"):
        archive.checked(zipped("serialized_exported_program.json"))
    with pytest.raises(CompileError, match="compressed members"):
        archive.checked(zipped("net/models/model.json", compression=zipfile.ZIP_DEFLATED))


def test_detection_is_by_content(tmp_path: Path) -> None:
    assert archive.is_torch(program())
    assert archive.is_torch(program()[:60])
    assert archive.is_torch(zipped("net/data.pkl"))
    assert not archive.is_torch(zipped("arr_0.npy"))
    assert not archive.is_torch(b"PK\x03\x04")
    assert not archive.is_torch(b"")


@pytest.mark.skipif(importlib.util.find_spec("torch") is not None, reason="torch is installed")
def test_without_torch_the_error_names_its_extra(tmp_path: Path) -> None:
    path = tmp_path / "model.bin"
    path.write_bytes(program())
    with pytest.raises(UsageError, match="needs the package torch") as caught:
        frontends.detect(Source(path, path.read_bytes()))
    assert "zephyr-counters[pytorch]" in (caught.value.hint or "")


JUNK: tuple[Any, ...] = (None, 7, -1, "x", [], {}, [[]], {"a": 1}, True, "torch.os.system")


def changed(value: Any, junk: Any) -> Any:
    """Each copy of a JSON value with one part of it replaced."""
    keys = list(value) if isinstance(value, dict) else range(len(value))
    for key in keys:
        other = value.copy()
        other[key] = junk
        yield other
        if isinstance(value[key], dict | list):
            for inner in changed(value[key], junk):
                other = value.copy()
                other[key] = inner
                yield other


@pytest.mark.parametrize("member", ["models/model.json", "data/weights/model_weights_config.json"])
def test_damage_is_one_error(member: str) -> None:
    content = json.loads(names(program())[f"net/{member}"])
    for junk in JUNK:
        for other in changed(content, junk):
            try:
                archive.checked(program(members={member: json.dumps(other)}))
            except CompileError as error:
                assert error.what
