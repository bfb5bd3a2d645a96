# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Model Library Format: the archives that TVM 0.18 exports for microTVM.

Of python/tvm/micro/model_library_format.py, version 7: metadata.json describes the modules;
codegen/host/src/*.c and codegen/host/lib/*.o are their code; executor-config/graph/*.graph is what
a graph executor walks; runtime/ is a copy of the C runtime (CRT), in some archives.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zephyr_counters.errors import ArchiveError, ProjectError
from zephyr_counters.formats import tar
from zephyr_counters.formats.model_metadata import MAKE_ONE, METADATA
from zephyr_counters.formats.options import Value
from zephyr_counters.project_api import aot_layers

RUNTIME = "crt"
VERSIONS = (5, 6, 7)
KIND = tar.Kind("model archive", MAKE_ONE, max_members=4096)
_KEPT = ("codegen/", "executor-config/", "parameters/", "src/", METADATA)
_GRAPHS = "executor-config/graph/"
_OWN_CRT = "runtime/"
_CRT_FOLDERS = ("include", "src")
_CRT_MARK = Path("include") / "tvm" / "runtime" / "crt" / "platform.h"
_FROM_018 = "make the project with TVM 0.18: tvmc micro create, or tvm.micro.generate_project"

_CODE_FILES = re.compile(r"codegen/host/(?:src/[^/]*\.(?:c|cc|cpp)|lib/[^/]*\.o)\Z")
_EXECUTORS = ("graph", "aot")

# The CRT's own sizes (crt_config.h of upstream's templates): never less than these.
_SIZES = {"MAX_ARGS": 10, "MAX_FUNCTION_NAME": 120, "MAX_PARAM_NAME": 80, "MAX_NDIM": 6}
# More than any model has: the CRT's arrays are on the stack.
_MOST = 4096


@dataclass(frozen=True)
class Library:
    """An archive in memory.

    Attributes:
        name: of the first module.
        executors: "graph" and "aot", where they run the model; none for mere functions.
        config: values of Kconfig symbols that the model asks for.
        layers: of a model of the AOT executor; None if they cannot be told apart.
    """

    path: Path
    version: int
    files: dict[str, bytes]
    name: str
    executors: tuple[str, ...]
    config: dict[str, Value]
    layers: aot_layers.Layers | None = None

    runtime = RUNTIME
    accelerators = ()

    @classmethod
    def of(cls, path: Path, files: dict[str, bytes]) -> Library | None:
        """Return the archive with these files; None if its metadata are not of this format.

        Raises:
            ArchiveError: of another version, damaged, or without code.
        """
        metadata = _metadata(files)
        if "version" not in metadata or "format" in metadata:
            return None
        version = metadata["version"]
        if type(version) is not int or version not in VERSIONS:
            raise ArchiveError(
                f"{path}: Model Library Format {version!r:.100}, this version reads 5 to 7",
                "export it with TVM 0.18",
            )
        modules = _modules(path, metadata)
        executors = _executors(path, modules)
        if not any(_CODE_FILES.match(name) for name in files):
            raise ArchiveError(f"{path}: holds no code for the board", "export it with TVM 0.18")
        config: dict[str, Value] = {
            f"CONFIG_ZC_CRT_{name}": size for name, size in _sizes(path, modules, files).items()
        }
        layers = None
        if "graph" in executors:
            config["CONFIG_ZC_CRT_GRAPH_EXECUTOR"] = "y"
        elif "aot" in executors:
            layers = aot_layers.find(files)
        if layers is not None:
            config[aot_layers.CONFIG] = "y"
        name = next(iter(modules), "default")
        return cls(path, version, files, name, executors, config, layers)

    @property
    def model_hash(self) -> str:
        """SHA-256 of metadata.json in hexadecimal."""
        return hashlib.sha256(self.files[METADATA]).hexdigest()

    def describe(self) -> dict[str, Any]:
        """Return what a project says of its archive."""
        return {
            "model": self.name,
            "model_hash": self.model_hash,
            "format": f"model library format {self.version}",
            "generator": None,
            "runtime": RUNTIME,
            "tvm": None,
            "executors": list(self.executors),
        }

    def extract(self, folder: Path) -> None:
        """Write the model's files under `folder`."""
        tar.write(self.files, folder, lambda name: name.startswith(_KEPT))

    def extract_crt(self, standalone_crt_dir: Path | None, folder: Path) -> None:
        """Put the CRT into `folder`: from TVM, else the archive's own.

        Raises:
            ProjectError: there is none.
        """
        missing = f"{standalone_crt_dir}: not the C runtime (CRT) of TVM 0.18"
        if standalone_crt_dir is None:
            missing = f"{self.path}: needs the C runtime (CRT) of TVM 0.18, and does not hold it"
            crt = {
                name.removeprefix(_OWN_CRT): data
                for name, data in self.files.items()
                if name.startswith(_OWN_CRT)
            }
            tar.write(crt, folder, lambda name: name.split("/")[0] in _CRT_FOLDERS)
        elif (standalone_crt_dir / _CRT_MARK).is_file():
            for name in _CRT_FOLDERS:
                shutil.copytree(standalone_crt_dir / name, folder / name)
        if not (folder / _CRT_MARK).is_file():
            raise ProjectError(missing, _FROM_018)


def _metadata(files: dict[str, bytes]) -> dict[str, Any]:
    """metadata.json; empty if there is none that can be read."""
    try:
        metadata = json.loads(files.get(METADATA, b"{}"))
    except (ValueError, RecursionError):
        return {}
    return metadata if isinstance(metadata, dict) else {}


def _modules(path: Path, metadata: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the metadata of each module; before version 7 there was one, without a name."""
    modules = metadata.get("modules", {str(metadata.get("model_name", "default")): metadata})
    if not isinstance(modules, dict) or not all(isinstance(m, dict) for m in modules.values()):
        raise ArchiveError(f"{path}: metadata.json: 'modules' is damaged")
    return modules


def _executors(path: Path, modules: dict[str, dict[str, Any]]) -> tuple[str, ...]:
    found = set()
    for module in modules.values():
        executors = module.get("executors") or []
        if not isinstance(executors, list):
            raise ArchiveError(f"{path}: metadata.json: 'executors' is damaged")
        for executor in executors:
            if executor not in _EXECUTORS:
                raise ArchiveError(
                    f"{path}: made for executor {executor!r:.100}, which the CRT does not have",
                    f"export it with one of {', '.join(_EXECUTORS)}",
                )
            found.add(executor)
    return tuple(sorted(found))


_DAMAGED = (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)


def _sizes(
    path: Path, modules: dict[str, dict[str, Any]], files: dict[str, bytes]
) -> dict[str, int]:
    """Return what the CRT's fixed arrays must hold for the models in the archive."""
    sizes = dict(_SIZES)
    sizes["GRAPH_SIZE"] = max(
        (len(data) for name, data in files.items() if name.startswith(_GRAPHS)), default=0
    )
    for where, needs in _needs(modules, files):
        try:
            for name, size in needs:
                if not 0 <= size <= _MOST:
                    raise ValueError(f"{name} is {size}")
                sizes[name] = max(sizes[name], size)
        except _DAMAGED as error:
            raise ArchiveError(f"{path}: {where} is damaged: {error!r:.200}") from error
    return sizes


def _needs(
    modules: dict[str, dict[str, Any]], files: dict[str, bytes]
) -> Iterator[tuple[str, Iterator[tuple[str, int]]]]:
    for name, module in modules.items():
        if "aot" in (module.get("executors") or []):
            yield f"module {name!r:.100}", _of_ahead_of_time(name, module)
    for name, data in files.items():
        if name.startswith(_GRAPHS):
            yield name, _of_graph(data)


def _of_ahead_of_time(name: str, module: dict[str, Any]) -> Iterator[tuple[str, int]]:
    """aot_executor.c: inputs, outputs and a workspace for each device; get_c_metadata()'s name."""
    yield "MAX_FUNCTION_NAME", _size_of(f"tvmgen_{name}_get_c_metadata") + 1
    main = module["memory"]["functions"]["main"]
    tensors = sum(len(device.get("inputs", ())) + len(device.get("outputs", ())) for device in main)
    yield "MAX_ARGS", tensors + len(main)


def _of_graph(data: bytes) -> Iterator[tuple[str, int]]:
    """graph_executor.c and load_json.c, which read a text only if two bytes are left."""
    graph = json.loads(data)
    for node in graph["nodes"]:
        attrs = node.get("attrs") or {}
        texts = (node["name"], *attrs.values())
        yield "MAX_FUNCTION_NAME", max(map(_size_of, texts)) + 2
        if node["op"] == "null":
            yield "MAX_PARAM_NAME", _size_of(node["name"]) + 1
        else:
            # It wants to have fewer than the most.
            yield "MAX_ARGS", len(node["inputs"]) + int(attrs.get("num_outputs", 1)) + 1
    for shape in graph["attrs"]["shape"][1]:
        yield "MAX_NDIM", len(shape)


def _size_of(text: str) -> int:
    return len(text.encode())
