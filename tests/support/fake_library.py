# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Archives in the Model Library Format, as TVM 0.18 writes them, with a C runtime of ten lines."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from fake_sources import RawClient

METADATA = "metadata.json"
CODE = "codegen/host/src/default_lib1.c"
KERNELS = b"int model_answer = 18;\n"
CRT_FILES = {
    "include/tvm/runtime/crt/platform.h": b"/* A fake of TVM's. */\n",
    "src/runtime/crt/common/fake.c": b"int crt_answer = 1;\n",
}
Member = tuple[str, bytes] | tarfile.TarInfo


def module(name: str = "default", executor: str | None = "graph", **changes: Any) -> dict[str, Any]:
    """What metadata.json says of a module: of a model, or with no executor of an operator."""
    tensor = {"dtype": "float32", "size": 64}
    main = {
        "constants_size_bytes": 16,
        "device": 1,
        "inputs": {"x": tensor},
        "io_size_bytes": 128,
        "outputs": {"output": tensor},
        "workspace_size_bytes": 64,
    }
    workspace = [{"device": 1, "workspace_size_bytes": 0}]
    operator = {"function_name": f"tvmgen_{name}_fused_add", "workspace": workspace}
    return {
        "model_name": name,
        "export_datetime": "2026-01-01 00:00:00Z",
        "memory": {"functions": {"main": [main], "operator_functions": [operator]}},
        "target": ["c -keys=cpu"],
        "executors": [] if executor is None else [executor],
        "style": "operator" if executor is None else "full-model",
        **changes,
    }


def graph(
    function: str = "tvmgen_default_fused_add",
    inputs: Iterable[str] = ("x",),
    outputs: int = 1,
    shape: Iterable[int] = (1, 16),
    **attrs: str,
) -> dict[str, Any]:
    """What executor-config/graph/*.graph holds: inputs, and one operator of them all."""
    names = list(inputs)
    nodes: list[dict[str, Any]] = [{"op": "null", "name": name, "inputs": []} for name in names]
    attributes = {"num_outputs": str(outputs), "num_inputs": str(len(names)), "flatten_data": "0"}
    attributes |= {"func_name": function, "hash": "0123456789abcdef", **attrs}
    operands = [[i, 0, 0] for i in range(len(names))]
    nodes.append({"op": "tvm_op", "name": function, "attrs": attributes, "inputs": operands})
    entries = len(names) + outputs
    return {
        "nodes": nodes,
        "arg_nodes": list(range(len(names))),
        "heads": [[len(names), i, 0] for i in range(outputs)],
        "attrs": {
            "dltype": ["list_str", ["float32"] * entries],
            "device_index": ["list_int", [1] * entries],
            "storage_id": ["list_int", list(range(entries))],
            "shape": ["list_shape", [list(shape)] * entries],
        },
        "node_row_ptr": [*range(len(names) + 1), entries],
    }


def files(
    *modules: dict[str, Any],
    graphs: dict[str, Any] | None = None,
    crt: bool = False,
    **metadata: Any,
) -> dict[str, bytes]:
    """The files of an archive; `metadata` replaces what metadata.json says."""
    described = {"modules": {m["model_name"]: m for m in modules}, "version": 7, **metadata}
    found = {
        METADATA: json.dumps(described, indent=2, sort_keys=True).encode(),
        "codegen/host/src/default_lib0.c": b"int model_metadata;\n",
        CODE: KERNELS,
        "parameters/default.params": b"\0\1\2",
        "src/default.relay": b"def @main() {}\n",
    }
    for name, value in (graphs or {}).items():
        found[f"executor-config/graph/{name}.graph"] = json.dumps(value).encode()
    if crt:
        found |= {f"runtime/{name}": data for name, data in CRT_FILES.items()}
        found["templates/crt_config.h.template"] = b"\n"
    return found


def write(path: Path, members: dict[str, bytes] | Iterable[Member], mode: str = "w") -> Path:
    """Write an archive as TVM does, with folders and a ./ before each name."""
    with tarfile.open(path, mode) as tar:  # type: ignore[call-overload]
        folder = tarfile.TarInfo("./")
        folder.type = tarfile.DIRTYPE
        tar.addfile(folder)
        for member in members.items() if isinstance(members, dict) else members:
            info, data = member, b""
            if isinstance(member, tuple):
                info, data = tarfile.TarInfo(f"./{member[0]}"), member[1]
                info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return path


def make_crt(folder: Path) -> Path:
    """A folder like the standalone C runtime that a client with TVM 0.18 names."""
    for name, data in CRT_FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def request(model: Path, folder: Path, crt_dir: Path | None, **options: Any) -> dict[str, Any]:
    """Parameters of generate_project."""
    return {
        "model_library_format_path": str(model),
        "standalone_crt_dir": None if crt_dir is None else str(crt_dir),
        "project_dir": str(folder),
        "options": {"board": "posix", **options},
    }


def generate(server: RawClient, *args: Any, **options: Any) -> dict[str, Any]:
    """project.json of a project that must be generated."""
    parameters = request(*args, **options)
    server.call("generate_project", **parameters)
    project: dict[str, Any] = json.loads(
        (Path(parameters["project_dir"]) / "project.json").read_text()
    )
    return project


def failure(server: RawClient, *args: Any, **options: Any) -> dict[str, Any]:
    """The data of the error; nothing may be left behind."""
    parameters = request(*args, **options)
    error = server.fail("generate_project", **parameters)
    folder = Path(parameters["project_dir"])
    assert error["code"] == -32000 and error["message"] == error["data"]["what"]
    assert "\n" not in error["message"]
    assert not folder.exists()
    assert not [path for path in folder.parent.iterdir() if path.name.startswith(".")]
    data: dict[str, Any] = error["data"]
    return data
