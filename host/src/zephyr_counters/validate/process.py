# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Runs the source model in a process of its own: its runtime can crash, and does with some models.

`python -m zephyr_counters.validate.process FOLDER` is that process. The folder has request.json and
inputs.npz, and gets reply.json and outputs.npz.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from zephyr_counters.compile.source import Source
from zephyr_counters.errors import UsageError, ZephyrCountersError
from zephyr_counters.validate.reference import reference

Array = npt.NDArray[Any]
TIMEOUT_S = 600.0
_MODEL, _REQUEST, _REPLY = "model", "request.json", "reply.json"
_INPUTS, _OUTPUTS = "inputs.npz", "outputs.npz"


@dataclass(frozen=True)
class Results:
    """What a source model gave, and what `Reference` says of its runtime.

    Attributes:
        outputs: of each set of inputs, the results and then the tensors.
    """

    name: str
    tensors: list[str]
    steps: list[float | None]
    tolerance: float
    outputs: list[list[Array]]


def run(
    source: Source,
    model_format: str,
    rounds: Sequence[Sequence[Array]],
    tensors: Collection[str] = (),
) -> Results:
    """Run a model with several sets of inputs, in order; state is kept between them.

    Args:
        source: the model.
        model_format: the name of its frontend.
        rounds: sets of inputs.
        tensors: see `reference`.

    Raises:
        UsageError: no runtime is installed, or it cannot run the model, crashes or hangs.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / _MODEL).write_bytes(source.data)
        request = {
            "path": str(source.path),
            "format": model_format,
            "tensors": sorted(tensors),
            "rounds": len(rounds),
        }
        (folder / _REQUEST).write_text(json.dumps(request))
        _save(folder / _INPUTS, rounds)
        command = [sys.executable, "-m", "zephyr_counters.validate.process", name]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S)
        except subprocess.TimeoutExpired as error:
            raise UsageError(
                f"{source.path}: its runtime takes more than {TIMEOUT_S:g} s"
            ) from error
        if not (folder / _REPLY).exists():
            lines = done.stderr.strip().splitlines()
            raise UsageError(
                f"{source.path}: the {model_format} runtime crashed"
                + (f": {lines[-1]:.200}" if lines else ""),
                "pip install tflite-micro" if model_format == "tflite" else None,
            )
        reply = json.loads((folder / _REPLY).read_text())
        if "what" in reply:
            raise UsageError(reply["what"], reply["hint"])
        return Results(**reply, outputs=_load(folder / _OUTPUTS, len(rounds)))


def _save(path: Path, rounds: Sequence[Sequence[Array]]) -> None:
    arrays = {f"{i}_{j}": array for i, row in enumerate(rounds) for j, array in enumerate(row)}
    with path.open("wb") as file:
        np.savez(file, **arrays)  # type: ignore[arg-type]


def _load(path: Path, count: int) -> list[list[Array]]:
    found: list[list[Array]] = [[] for _ in range(count)]
    with np.load(path, allow_pickle=False) as data:
        for key in sorted(data.files, key=lambda key: tuple(map(int, key.split("_")))):
            found[int(key.split("_")[0])].append(data[key])
    return found


def main(folder: Path) -> None:
    """Answer the request in a folder."""
    request = json.loads((folder / _REQUEST).read_text())
    source = Source(Path(request["path"]), (folder / _MODEL).read_bytes())
    reply: dict[str, Any]
    try:
        runtime = reference(source, request["format"], request["tensors"])
        inputs = _load(folder / _INPUTS, request["rounds"])
        _save(folder / _OUTPUTS, [runtime.run(row) for row in inputs])
        reply = {
            "name": runtime.name,
            "tensors": runtime.tensors,
            "steps": runtime.steps,
            "tolerance": runtime.tolerance,
        }
    except ZephyrCountersError as error:
        reply = {"what": error.what, "hint": error.hint}
    (folder / _REPLY).write_text(json.dumps(reply))
    # Not by way of the runtime's destructors: LiteRT's crash after models with SVDF.
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
