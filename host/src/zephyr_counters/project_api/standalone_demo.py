# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""project_type=aot_standalone_demo: firmware that runs a model by itself, on text commands.

As upstream's: the model is compiled by TVM 0.18 for the AOT executor with its C interface, and the
user brings its input and the memory of its output in two headers, with extra_files_tar.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from zephyr_counters.errors import ArchiveError, UsageError
from zephyr_counters.formats.model_archive import ModelArchive
from zephyr_counters.project_api import aot_layers
from zephyr_counters.project_api.library_format import Library

NAME = "aot_standalone_demo"
HEADERS = ("include/tvm/input_data.h", "include/tvm/output_data.h")
CONFIG = {"CONFIG_ZC_CRT_SERVER": "n", aot_layers.CONFIG: "n"}
_FOLDER = "codegen/host/include/"
_RUN = re.compile(
    r"\b(\w+)_run\(\s*struct \1_inputs ?\* ?inputs,\s*struct \1_outputs ?\* ?outputs\s*\)"
)
_NEEDS = f"project_type {NAME!r} needs"
_COMPILE = 'compile it with Executor("aot", {"unpacked-api": True, "interface-api": "c"})'


def describe(model: ModelArchive | Library) -> dict[str, Any]:
    """Return what the demo is compiled with: prefix of the model's names, bytes of its tensors.

    Raises:
        UsageError: it is no model that the demo can run.
        ArchiveError: its metadata is damaged.
    """
    headers: list[str] = []
    if isinstance(model, Library) and "aot" in model.executors:
        headers = [name for name in model.files if name.startswith(_FOLDER)]
    if not isinstance(model, Library) or not headers:
        raise UsageError(
            f"{_NEEDS} a model that TVM 0.18 compiled for the AOT executor with its C interface",
            _COMPILE,
        )
    run = _RUN.search(model.files[headers[0]].decode(errors="replace"))
    if len(headers) > 1 or run is None:
        raise UsageError(
            f"{_NEEDS} one model, run with inputs and outputs alone; "
            f"{', '.join(Path(name).name for name in headers)} wants more",
            "compile one model, without memory pools or devices of the caller's",
        )
    return {"model": run[1], **{f"{kind}_size": _size(model, kind) for kind in ("input", "output")}}


def check_headers(project: Path) -> None:
    """See whether the user brought the headers.

    Raises:
        UsageError: one is missing.
    """
    missing = [name for name in HEADERS if not (project / name).is_file()]
    if missing:
        raise UsageError(
            f"{_NEEDS} {' and '.join(missing)}",
            "put them into extra_files_tar: tvm.micro.testing.create_header_file makes them",
        )


def _size(model: Library, kind: str) -> int:
    try:
        (module,) = json.loads(model.files["metadata.json"])["modules"].values()
        tensors = module["memory"]["functions"]["main"][0][f"{kind}s"]
        sizes = {str(name): int(tensor["size"]) for name, tensor in tensors.items()}
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise ArchiveError(f"{model.path}: metadata.json is damaged: {error!r}") from error
    if len(sizes) != 1:
        raise UsageError(
            f"{_NEEDS} a model with one {kind}; this one has {len(sizes)}: {', '.join(sizes)}",
            "use project_type 'host_driven', or bind the other inputs as parameters",
        )
    return next(iter(sizes.values()))
