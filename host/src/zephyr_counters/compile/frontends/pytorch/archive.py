# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What torch.export.save writes, checked before torch reads it.

torch.export.load trusts its file: it unpickles weights, loads compiled libraries, evaluates size
expressions as Python, imports modules that a tree names, and resolves an operator's name to any
function of torch. This module gives it an archive that holds none of that: a graph of operators of
ATen in JSON, and tensors as plain bytes (torch/export/pt2_archive/_package.py).
"""

from __future__ import annotations

import io
import json
import math
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from zephyr_counters.compile.messages import listed
from zephyr_counters.errors import CompileError

MODEL = "models/model.json"
WEIGHTS, CONSTANTS = "data/weights/", "data/constants/"
SAMPLE_INPUTS = "data/sample_inputs/model.pt"
_PLAIN = ("archive_format", "archive_version", "byteorder", ".data/version")
_TARGET = re.compile(r"torch\.ops\.(aten|quantized_decomposed)(\.\w+)+")
_FUNCTIONS = frozenset(
    f"_operator.{name}" for name in ("add", "sub", "mul", "neg", "floordiv", "mod", "getitem")
)
"""Python's operators, which compute sizes."""
_SIZE = re.compile(
    r"(?:Symbol\('[su]\d{1,9}'(?:, \w+=(?:True|False))*\)|Integer\(-?\d{1,18}\)|\d{1,18}"
    r"|(?:Add|Mul|Mod|PythonMod|Max|Min|FloorDiv)\(|[), ])*"
)
"""Sums and products of symbols, as SymPy's srepr writes them."""
_TREES = frozenset([None, "builtins.tuple", "builtins.list", "builtins.dict"])
EXPORT_AGAIN = "export the model again: torch.export.save(torch.export.export(model, inputs), path)"


def members(data: bytes) -> list[str]:
    """Return the names in a zip archive's headers, as far as it goes; none if it is no zip."""
    if data[:4] != b"PK\x03\x04":
        return []
    names: list[str] = []
    position = 0
    while (position := data.find(b"PK\x03\x04", position)) >= 0 and len(names) < 64:
        length = int.from_bytes(data[position + 26 : position + 28], "little")
        name = data[position + 30 : position + 30 + length]
        names.append(name.decode("utf-8", "replace"))
        position += 4
    return names


def is_torch(data: bytes) -> bool:
    """Whether it is a zip archive as torch writes it, exported or not."""
    first = members(data[: 1 << 20])[:1]
    parts = first[0].split("/") if first else []
    known = {"data", "models", "data.pkl", "archive_format", "archive_version", "version"}
    return (len(parts) > 1 and parts[1] in known) or parts == ["serialized_exported_program.json"]


def checked(data: bytes) -> bytes:
    """Return a copy of an archive that is safe for torch.export.load.

    Raises:
        CompileError: it is no exported program, is damaged, or has parts that are not plain data;
            operators that are not ATen's are all listed.
    """
    parts = _read(data)
    if MODEL not in parts:
        if any(name.endswith("data.pkl") for name in parts):
            raise CompileError("is a TorchScript file or saved weights, no graph", EXPORT_AGAIN)
        raise CompileError("is no program that torch.export.save of PyTorch 2.8 or later wrote",
                           EXPORT_AGAIN)  # fmt: skip
    model = _json(parts[MODEL], MODEL)
    _check_graph(model)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name, content in _kept(parts, model):
            archive.writestr(f"model/{name}", content)
    return made.getvalue()


def _read(data: bytes) -> dict[str, bytes]:
    """Return the members by their names within the archive's only folder."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if any(entry.compress_type != zipfile.ZIP_STORED for entry in entries):
                raise CompileError("has compressed members, which torch does not write")
            if sum(entry.file_size for entry in entries) > len(data):
                raise CompileError("has members that overlap")
            return {e.filename.partition("/")[2]: archive.read(e) for e in entries}
    except CompileError:
        raise
    except Exception as error:
        raise CompileError("is not a complete PyTorch archive", str(error)[:200]) from error


def _json(content: bytes, name: str) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise CompileError(f"{name} is not valid JSON", str(error)[:200]) from error
    if not isinstance(found, dict):
        raise CompileError(f"{name} is not a JSON object")
    return found


def _kept(parts: dict[str, bytes], model: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    """Members of the copy: all but sample inputs, which are pickled, and compiled code."""
    for name in _PLAIN:
        if name in parts:
            yield name, parts[name]
    for folder, config in (
        (WEIGHTS, "model_weights_config.json"),
        (CONSTANTS, "model_constants_config.json"),
    ):
        payloads = _json(parts.get(folder + config, b"{}"), folder + config)
        yield folder + config, json.dumps(payloads).encode()
        listing = payloads.get("config", {})
        if not isinstance(listing, dict):
            raise CompileError(f"{folder + config} lists no tensors")
        used = set()
        for name, payload in listing.items():
            used.add(_check_payload(name, payload, parts, folder))
        for path in sorted(used):
            yield folder + path, parts[folder + path]
    yield SAMPLE_INPUTS, b""
    yield MODEL, json.dumps(model).encode()


def _check_payload(name: str, payload: Any, parts: dict[str, bytes], folder: str) -> str:
    """Return the member that holds a tensor, after checking that it is one."""
    if not isinstance(payload, dict) or payload.get("use_pickle") is not False:
        raise CompileError(
            f"tensor '{name}' is pickled, which would run code of the file",
            "export the model with plain tensors: neither subclasses nor sparse ones",
        )
    path = payload.get("path_name")
    if not isinstance(path, str) or folder + path not in parts or not re.match(r"\w+$", path):
        raise CompileError(f"tensor '{name}' has no data in the file")
    if not path.startswith(("weight_", "tensor_")):
        raise CompileError(f"'{name}' is an object, not a tensor")
    meta = payload.get("tensor_meta")
    sizes = meta.get("sizes") if isinstance(meta, dict) else None
    if not isinstance(sizes, list):
        raise CompileError(f"tensor '{name}' has no shape")
    extents = [item.get("as_int", -1) for item in sizes if isinstance(item, dict)]
    if any(not isinstance(n, int) or n < 0 for n in extents):
        raise CompileError(f"tensor '{name}' has no fixed shape")
    if math.prod(extents) > len(parts[folder + path]):
        raise CompileError(f"tensor '{name}' of shape {extents} is larger than its data")
    return path


def _check_graph(model: dict[str, Any]) -> None:
    """Check what torch would evaluate, import or call; takes out what the compiler needs not."""
    module = model.get("graph_module")
    graph = module.get("graph") if isinstance(module, dict) else None
    nodes = graph.get("nodes") if isinstance(graph, dict) else None
    if not isinstance(module, dict) or not isinstance(nodes, list):
        raise CompileError("has no graph", EXPORT_AGAIN)
    model["guards_code"] = []
    calls = module.get("module_call_graph")
    module["module_call_graph"] = calls[:1] if isinstance(calls, list) else []
    module["metadata"], module["treespec_namedtuple_fields"] = {}, {}
    problems = [text for node in nodes if (text := _refused(node)) is not None]
    if problems:
        raise CompileError(listed(problems), "see docs/models.md for what is supported")
    for node in nodes:
        metadata = node.get("metadata")
        stack = metadata.get("nn_module_stack") if isinstance(metadata, dict) else None
        node["metadata"] = {"nn_module_stack": stack} if isinstance(stack, str) else {}
    _check_values(model)


def _refused(node: Any) -> str | None:
    """Return why a node cannot be loaded, or None."""
    target = node.get("target") if isinstance(node, dict) else None
    if not isinstance(target, str):
        return "a node without an operator"
    if target in _FUNCTIONS or _TARGET.fullmatch(target):
        return None
    name = node.get("name")
    where = f"operator {target.removeprefix('torch.ops.')[:80]}, layer '{str(name)[:80]}'"
    if "higher_order" in target:
        return f"{where}: control flow is not supported"
    return f"{where}: is not supported"


def _check_values(value: Any) -> None:
    """Check expressions, objects and trees, wherever they are."""
    pending = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, list):
            pending.extend(item)
        elif isinstance(item, dict):
            pending.extend(item.values())
            for key, content in item.items():
                _check_value(key, content)


def _check_value(key: str, content: Any) -> None:
    if content is None:
        return
    if key == "expr_str":
        if not isinstance(content, str) or len(content) > 500 or not _SIZE.fullmatch(content):
            raise CompileError(f"has a size that is no sum of products: {str(content)[:80]}")
    elif key in ("as_operator", "as_custom_obj", "as_graph", "custom_obj_values") and content:
        raise CompileError("has objects or subgraphs as arguments", EXPORT_AGAIN)
    elif key in ("in_spec", "out_spec"):
        _check_tree(content)


def _check_tree(spec: Any) -> None:
    """Check that a structure of inputs or outputs has no types but Python's own."""
    try:
        pending = [json.loads(spec)[1]]
        while pending:
            item = pending.pop()
            context = json.loads(item["context"] or "null")
            names = context is None or all(isinstance(name, str) for name in context)
            if item["type"] not in _TREES or not names or isinstance(context, dict):
                raise CompileError(f"has inputs or outputs of type {str(item['type'])[:80]}")
            pending.extend(item["children_spec"])
    except (KeyError, TypeError, ValueError, IndexError, RecursionError) as error:
        raise CompileError("describes its inputs and outputs in an unknown way") from error
