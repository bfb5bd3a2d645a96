# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""project_type=aot_standalone_demo: which models it takes, and what the user must bring."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest
from fake_sources import RawClient

RUN = "int32_t tvmgen_{0}_run(struct tvmgen_{0}_inputs* inputs, struct tvmgen_{0}_outputs* outputs"
INPUT, OUTPUT = "include/tvm/input_data.h", "include/tvm/output_data.h"


def tar_of(path: Path, files: dict[str, str]) -> Path:
    with tarfile.open(path, "w:gz") as tar:
        for name, text in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(text)
            tar.addfile(member, io.BytesIO(text.encode()))
    return path


def library(path: Path, run: str = RUN + ");", name: str = "default", **changes: Any) -> Path:
    """An archive as TVM 0.18 exports it, as far as a project needs it."""
    tensors = {
        "inputs": {"input_1": {"dtype": "int8", "size": 490}},
        "outputs": {"Identity": {"dtype": "int8", "size": 12}},
        **changes,
    }
    module = {"executors": ["aot"], "memory": {"functions": {"main": [tensors]}}}
    files = {
        "./metadata.json": json.dumps({"version": 7, "modules": {name: module}}),
        "./codegen/host/src/default_lib0.c": "",
        "./runtime/include/tvm/runtime/crt/platform.h": "",
        "./runtime/src/runtime/crt/common/packed_func.c": "",
    }
    if run:
        files[f"./codegen/host/include/tvmgen_{name}.h"] = run.format(name)
    return tar_of(path, files)


def request(archive: Path, folder: Path, **given: Any) -> dict[str, Any]:
    return {
        "model_library_format_path": str(archive),
        "standalone_crt_dir": None,
        "project_dir": str(folder),
        "options": {"project_type": "aot_standalone_demo", **given},
    }


@pytest.fixture
def headers(tmp_path: Path) -> str:
    """A tar file with what the user must bring."""
    return str(tar_of(tmp_path / "extra.tar.gz", {INPUT: "in", OUTPUT: "out"}))


def test_project_knows_the_model(server: RawClient, tmp_path: Path, headers: str) -> None:
    archive = library(tmp_path / "model.tar", name="kws")
    project = tmp_path / "p"
    server.call("generate_project", **request(archive, project, extra_files_tar=headers))
    description = json.loads((project / "project.json").read_text())
    assert description["demo"] == {"model": "tvmgen_kws", "input_size": 490, "output_size": 12}
    assert description["config"]["CONFIG_ZC_CRT_SERVER"] == "n"
    assert (project / INPUT).read_text() == "in"


def test_host_driven_project_is_no_demo(server: RawClient, tmp_path: Path) -> None:
    archive = library(tmp_path / "model.tar")
    given = request(archive, tmp_path / "p", project_type="host_driven")
    server.call("generate_project", **given)
    description = json.loads((tmp_path / "p/project.json").read_text())
    assert description["demo"] is None
    assert "CONFIG_ZC_CRT_SERVER" not in description["config"]


@pytest.mark.parametrize(
    ("changes", "what", "hint"),
    [
        ({"run": ""}, "the AOT executor with its C interface", '"interface-api": "c"'),
        ({"run": RUN + ", struct tvmgen_{0}_devices* devices);"}, "wants more", "devices"),
        (
            {"inputs": {"a": {"size": 4}, "b": {"size": 8}}},
            "a model with one input; this one has 2: a, b",
            "host_driven",
        ),
        ({"outputs": {}}, "a model with one output; this one has 0", "host_driven"),
        ({"inputs": None}, "is damaged", None),
        ({"inputs": {"a": {"size": "x"}}}, "metadata.json is damaged", None),
    ],
)
def test_model_that_it_cannot_run(
    server: RawClient, tmp_path: Path, headers: str, changes: Any, what: str, hint: str | None
) -> None:
    archive = library(tmp_path / "model.tar", **changes)
    given = request(archive, tmp_path / "p", extra_files_tar=headers)
    data = server.fail("generate_project", **given)["data"]
    assert what in data["what"]
    assert hint is None or hint in data["hint"]
    assert not (tmp_path / "p").exists()


def test_model_of_the_other_runtime(
    server: RawClient, archive: Path, tmp_path: Path, headers: str
) -> None:
    given = request(archive, tmp_path / "p", extra_files_tar=headers)
    error = server.fail("generate_project", **given)
    assert "the AOT executor with its C interface" in error["message"]


@pytest.mark.parametrize(
    ("brought", "missing"),
    [
        ({}, f"{INPUT} and {OUTPUT}"),
        ({INPUT: ""}, OUTPUT),
        ({INPUT: "", "output_data.h": ""}, OUTPUT),
    ],
)
def test_headers_that_are_missing(
    server: RawClient, tmp_path: Path, brought: dict[str, str], missing: str
) -> None:
    archive = library(tmp_path / "model.tar")
    extra = {"extra_files_tar": str(tar_of(tmp_path / "x.tar.gz", brought))} if brought else {}
    data = server.fail("generate_project", **request(archive, tmp_path / "p", **extra))["data"]
    assert data["kind"] == "UsageError"
    assert data["what"] == f"project_type 'aot_standalone_demo' needs {missing}"
    assert "extra_files_tar" in data["hint"]
    assert {path.name for path in tmp_path.iterdir()} <= {"model.tar", "x.tar.gz"}
