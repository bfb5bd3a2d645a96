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
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import tar
from .errors import ArchiveError, ServerError
from .options import Value

RUNTIME = "crt"
VERSIONS = (5, 6, 7)
MAX_MEMBERS = 4096
_CODE = "codegen/host/"
_KEPT = ("codegen/", "executor-config/", "parameters/", "src/", "metadata.json")
_OWN_CRT = "runtime/"
_CRT_FOLDERS = ("include", "src")
_CRT_MARK = Path("include") / "tvm" / "runtime" / "crt" / "platform.h"
_FROM_018 = "make the project with TVM 0.18: tvmc micro create, or tvm.micro.generate_project"

# The CRT's own sizes (crt_config.h of upstream's templates): never less than these.
_MAX_ARGS, _MAX_FUNCTION_NAME, _MAX_PARAM_NAME = 10, 120, 80


def is_one(metadata: dict[str, Any]) -> bool:
    """Whether this is the metadata of such an archive."""
    return "version" in metadata and "format" not in metadata


@dataclass(frozen=True)
class Library:
    """An archive in memory.

    Attributes:
        name: of the first module.
        executors: "graph" and "aot", where they run the model; none for mere functions.
        config: values of Kconfig symbols that the model asks for.
    """

    path: Path
    version: int
    files: dict[str, bytes]
    name: str
    executors: tuple[str, ...]
    config: dict[str, Value]

    runtime = RUNTIME
    accelerators = ()

    @classmethod
    def of(cls, path: Path, metadata: dict[str, Any], files: dict[str, bytes]) -> Library:
        """Check an archive.

        Raises:
            ArchiveError: of another version, damaged, or without code.
        """
        version = metadata["version"]
        if version not in VERSIONS or isinstance(version, bool):
            raise ArchiveError(
                f"{path}: Model Library Format {version!r}, this version reads 5 to 7",
                "export it with TVM 0.18",
            )
        modules = metadata.get("modules", {metadata.get("model_name", "default"): metadata})
        if not isinstance(modules, dict) or not all(isinstance(m, dict) for m in modules.values()):
            raise ArchiveError(f"{path}: metadata.json: 'modules' is damaged")
        executors = {str(e) for module in modules.values() for e in module.get("executors") or ()}
        if not any(name.startswith(_CODE) for name in files):
            raise ArchiveError(f"{path}: holds no code for the board", "export it with TVM 0.18")
        config = _sizes(path, files)
        if "graph" in executors:
            config["CONFIG_ZC_CRT_GRAPH_EXECUTOR"] = "y"
        name = next(iter(modules), "default")
        return cls(path, version, files, str(name), tuple(sorted(executors)), config)

    @property
    def model_hash(self) -> str:
        """SHA-256 of metadata.json in hexadecimal."""
        return hashlib.sha256(self.files["metadata.json"]).hexdigest()

    def describe(self) -> dict[str, Any]:
        """What a project says of its archive."""
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
            ServerError: there is none.
        """
        if standalone_crt_dir is None:
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
            where = standalone_crt_dir or f"TVM that made {self.path.name}"
            raise ServerError(f"{where}: no C runtime (CRT) of TVM 0.18 there", _FROM_018)


def _sizes(path: Path, files: dict[str, bytes]) -> dict[str, Value]:
    """What the CRT's fixed arrays must hold for the graphs in the archive."""
    most_args, function, param = _MAX_ARGS, _MAX_FUNCTION_NAME, _MAX_PARAM_NAME
    graph = 0
    for name, data in files.items():
        if not name.startswith("executor-config/graph/"):
            continue
        graph = max(graph, len(data))
        try:
            for node in json.loads(data)["nodes"]:
                attrs = node.get("attrs") or {}
                args = len(node["inputs"]) + int(attrs.get("num_outputs", 1))
                most_args = max(most_args, args)
                function = max(
                    function, *(len(n) + 1 for n in (node["name"], attrs.get("func_name", "")))
                )
                if node["op"] == "null":
                    param = max(param, len(node["name"]) + 1)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ArchiveError(f"{path}: {name} is damaged: {error!r}") from error
    return {
        "CONFIG_ZC_CRT_GRAPH_SIZE": graph,
        "CONFIG_ZC_CRT_MAX_ARGS": most_args,
        "CONFIG_ZC_CRT_MAX_FUNCTION_NAME": function,
        "CONFIG_ZC_CRT_MAX_PARAM_NAME": param,
    }
