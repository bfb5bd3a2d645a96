# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Model archives of TVM 0.18: told apart from ours, and measured."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import fake_library as library
import pytest
from fake_library import METADATA, failure, generate, request
from fake_sources import RawClient
from zephyr_counters.project_api import archive as archives
from zephyr_counters.project_api.library_format import Library

DEFAULTS = {"MAX_ARGS": 10, "MAX_FUNCTION_NAME": 120, "MAX_PARAM_NAME": 80, "MAX_NDIM": 6}
"""And GRAPH_SIZE, the length of the longest graph."""


def read(path: Path, *modules: dict[str, Any], **changes: Any) -> Library:
    """An archive in memory."""
    model = archives.read(library.write(path / "model.tar", library.files(*modules, **changes)))
    assert isinstance(model, Library)
    return model


def sizes(model: Library) -> dict[str, Any]:
    """What the archive asks for, of the sizes; that of its graph apart."""
    found = {
        name.removeprefix("CONFIG_ZC_CRT_"): value
        for name, value in model.config.items()
        if isinstance(value, int)
    }
    graphs = [data for name, data in model.files.items() if name.endswith(".graph")]
    assert found.pop("GRAPH_SIZE") == max(map(len, graphs), default=0)
    return found


def graph_model(path: Path, **graph: Any) -> Library:
    """An archive whose only model is this graph."""
    return read(path, library.module(), graphs={"default": library.graph(**graph)})


def test_a_project_holds_model_and_runtime(server: RawClient, crt: Path, tmp_path: Path) -> None:
    files = library.files(library.module(), graphs={"default": library.graph()})
    model = library.write(tmp_path / "model.tar", files)
    project = generate(server, model, tmp_path / "p", crt)
    assert project["runtime"] == "crt"
    assert project["archive"]["executors"] == ["graph"]
    assert project["archive"]["model"] == "default"
    assert project["archive"]["format"] == "model library format 7"
    assert project["config"]["CONFIG_ZC_CRT_GRAPH_EXECUTOR"] == "y"
    for name, data in files.items():
        assert (tmp_path / "p/model" / name).read_bytes() == data
    for name, data in library.CRT_FILES.items():
        assert (tmp_path / "p/crt" / name).read_bytes() == data
    assert (tmp_path / "p/model.tar").read_bytes() == model.read_bytes()


def test_the_archives_own_runtime(server: RawClient, tmp_path: Path) -> None:
    """As an archive of the AOT executor has; TVM's own, where there is one, comes first."""
    module = library.module(executor="aot")
    model = library.write(tmp_path / "model.tar", library.files(module, crt=True))
    project = generate(server, model, tmp_path / "p", None)
    assert project["archive"]["executors"] == ["aot"]
    assert "CONFIG_ZC_CRT_GRAPH_EXECUTOR" not in project["config"]
    for name, data in library.CRT_FILES.items():
        assert (tmp_path / "p/crt" / name).read_bytes() == data
    assert not (tmp_path / "p/model/templates").exists()


@pytest.mark.parametrize("crt_dir", [None, ""])
def test_without_any_runtime(server: RawClient, tmp_path: Path, crt_dir: str | None) -> None:
    """What today's client says to a model of TVM 0.18."""
    model = library.write(tmp_path / "model.tar", library.files(library.module()))
    parameters = {**request(model, tmp_path / "p", None), "standalone_crt_dir": crt_dir}
    error = server.fail("generate_project", **parameters)
    assert "model.tar: needs the C runtime (CRT) of TVM 0.18" in error["message"]
    assert "TVM 0.18" in error["data"]["hint"]
    assert not (tmp_path / "p").exists()


def test_a_folder_that_is_not_the_runtime(server: RawClient, tmp_path: Path) -> None:
    model = library.write(tmp_path / "model.tar", library.files(library.module(), crt=True))
    for folder in (tmp_path, tmp_path / "absent"):
        data = failure(server, model, tmp_path / "p", folder)
        assert data["what"] == f"{folder}: not the C runtime (CRT) of TVM 0.18"


def test_our_archive_in_the_client_of_018(
    server: RawClient, archive: Path, crt: Path, tmp_path: Path
) -> None:
    data = failure(server, archive, tmp_path / "p", crt)
    assert data["kind"] == "ArchiveError"
    assert "made for runtime 'tvm-ffi', and TVM 0.18 has the runtime 'crt'" in data["what"]
    assert "export the model with TVM 0.18" in data["hint"]


def test_only_a_model_of_the_aot_executor_stands_alone(
    server: RawClient, archive: Path, crt: Path, tmp_path: Path
) -> None:
    files = library.files(library.module(), graphs={"default": library.graph()})
    model = library.write(tmp_path / "model.tar", files)
    for path, crt_dir in ((model, crt), (archive, None)):
        data = failure(server, path, tmp_path / "p", crt_dir, project_type="aot_standalone_demo")
        assert data["kind"] == "UsageError" and "AOT executor" in data["what"]


def test_options_of_the_other_runtime_are_told(
    server: RawClient, crt: Path, tmp_path: Path
) -> None:
    model = library.write(tmp_path / "model.tar", library.files(library.module()))
    given = {"arena_size_bytes": 4096, "workspace_size_bytes": 65536}
    result = server.call("generate_project", **request(model, tmp_path / "p", crt, **given))
    assert result["warnings"] == [
        "project option 'arena_size_bytes' has no effect with runtime 'crt'"
    ]
    config = json.loads((tmp_path / "p/project.json").read_text())["config"]
    assert config["CONFIG_ZC_CRT_HEAP_SIZE"] == 65536
    assert "CONFIG_ZC_ARENA_SIZE" not in config


def test_executors(tmp_path: Path) -> None:
    graph = {"a": library.graph()}
    modules = [library.module("a"), library.module("b", "aot")]
    assert read(tmp_path, modules[0], graphs=graph).executors == ("graph",)
    assert read(tmp_path, modules[1]).executors == ("aot",)
    both = read(tmp_path, *modules, graphs=graph)
    assert both.executors == ("aot", "graph") and both.name == "a"
    assert both.config["CONFIG_ZC_CRT_GRAPH_EXECUTOR"] == "y"


def test_functions_without_a_model(tmp_path: Path) -> None:
    """As tvm.build() exports: version 7 without 'modules'."""
    metadata = {**library.module("default", None), "version": 7, "memory": {"add": []}}
    files = {**library.files(), METADATA: json.dumps(metadata).encode()}
    model = archives.read(library.write(tmp_path / "model.tar", files))
    assert isinstance(model, Library)
    assert (model.name, model.executors, sizes(model)) == ("default", (), DEFAULTS)


@pytest.mark.parametrize("version", [5, 6, 7])
def test_versions_that_have_no_modules(tmp_path: Path, version: int) -> None:
    metadata = {**library.module("one"), "version": version}
    files = library.files(graphs={"one": library.graph()})
    files[METADATA] = json.dumps(metadata).encode()
    model = archives.read(library.write(tmp_path / "model.tar", files))
    assert isinstance(model, Library)
    assert (model.version, model.name, model.executors) == (version, "one", ("graph",))


def test_sizes_are_never_less_than_the_runtimes(tmp_path: Path) -> None:
    assert sizes(graph_model(tmp_path)) == DEFAULTS
    assert sizes(read(tmp_path, library.module(executor="aot"))) == DEFAULTS


# The CRT's graph executor takes an operator of fewer tensors than the most, reads a text only if
# its buffer holds two bytes more, and a parameter's name if it holds one.
@pytest.mark.parametrize(
    ("graph", "name", "size"),
    [
        ({"inputs": [f"i{i}" for i in range(8)]}, "MAX_ARGS", 10),
        ({"inputs": [f"i{i}" for i in range(9)]}, "MAX_ARGS", 11),
        ({"outputs": 9}, "MAX_ARGS", 11),
        ({"inputs": [f"i{i}" for i in range(30)], "outputs": 3}, "MAX_ARGS", 34),
        ({"function": "f" * 118}, "MAX_FUNCTION_NAME", 120),
        ({"function": "f" * 119}, "MAX_FUNCTION_NAME", 121),
        ({"function": "f" * 250}, "MAX_FUNCTION_NAME", 252),
        ({"inputs": ["p" * 200]}, "MAX_FUNCTION_NAME", 202),
        ({"kernel_layout": "k" * 150}, "MAX_FUNCTION_NAME", 152),
        ({"inputs": ["p" * 79]}, "MAX_PARAM_NAME", 80),
        ({"inputs": ["p" * 80]}, "MAX_PARAM_NAME", 81),
        ({"inputs": ["\u00e9" * 50]}, "MAX_PARAM_NAME", 101),
        ({"shape": [1] * 7}, "MAX_NDIM", 7),
    ],
)
def test_sizes_of_a_graph(tmp_path: Path, graph: dict[str, Any], name: str, size: int) -> None:
    assert sizes(graph_model(tmp_path, **graph))[name] == size


def test_the_largest_of_several_graphs(tmp_path: Path) -> None:
    graphs = {"a": library.graph(outputs=20), "b": library.graph(function="f" * 200)}
    model = read(tmp_path, library.module("a"), library.module("b"), graphs=graphs)
    assert sizes(model) == {**DEFAULTS, "MAX_ARGS": 22, "MAX_FUNCTION_NAME": 202}


def test_sizes_of_a_model_that_was_compiled_ahead(tmp_path: Path) -> None:
    """Its executor calls it with all inputs and outputs, and a workspace for each device."""
    module = library.module("m" * 150, "aot")
    main = module["memory"]["functions"]["main"]
    main[0]["inputs"] = {f"input_{i}": {"dtype": "int8", "size": 1} for i in range(12)}
    main.append({"device": 14, "workspace_size_bytes": 64, "io_size_bytes": 0})
    # tvmgen_<name>_get_c_metadata, and its end.
    wanted = {**DEFAULTS, "MAX_ARGS": 12 + 1 + 2, "MAX_FUNCTION_NAME": 7 + 150 + 15 + 1}
    assert sizes(read(tmp_path, module)) == wanted


def test_sizes_reach_the_project(server: RawClient, crt: Path, tmp_path: Path) -> None:
    graphs = {"default": library.graph(function="f" * 300, outputs=12, shape=[1] * 8)}
    files = library.files(library.module(), graphs=graphs)
    model = library.write(tmp_path / "model.tar", files)
    config = generate(server, model, tmp_path / "p", crt)["config"]
    assert config["CONFIG_ZC_CRT_MAX_FUNCTION_NAME"] == 302
    assert config["CONFIG_ZC_CRT_MAX_ARGS"] == 14
    assert config["CONFIG_ZC_CRT_MAX_NDIM"] == 8
