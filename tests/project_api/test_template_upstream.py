# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What TVM 0.18's users bring: their options, CMSIS-NN, and TVM's own client."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import fake_library
import pytest
from fake_library import request
from fake_sources import REPOSITORY, TEMPLATE, RawClient
from zephyr_counters.formats import board as boards

# server.py and the Zephyr template of TVM 0.18; heap_size_bytes is from before that.
OPTIONS = {
    "board": "str",
    "cmsis_path": "str",
    "compile_definitions": "str",
    "config_main_stack_size": "int",
    "extra_files_tar": "str",
    "heap_size_bytes": "int",
    "project_type": "str",
    "serial_number": "str",
    "verbose": "bool",
    "warning_as_error": "bool",
    "west_cmd": "str",
    "workspace_size_bytes": "int",
    "zephyr_base": "str",
}
METHODS = {
    "serial_number": {"flash", "open_transport"},
    "west_cmd": {"generate_project", "build", "flash", "open_transport"},
    "zephyr_base": {"generate_project", "build", "open_transport"},
}
CALLS_CMSIS = b"#include <arm_nnfunctions.h>\nint model_answer = ARM_NN_ANSWER;\n"


def library(path: Path, code: bytes = b"int model_answer = 42;\n") -> Path:
    """An archive in the Model Library Format, whose code the fake firmware links."""
    files = fake_library.files(fake_library.module(executor="aot"))
    return fake_library.write(path, {**files, fake_library.CODE: code})


@pytest.fixture
def cmsis(tmp_path: Path) -> Path:
    """A CMSIS-NN of one function (a fake), laid out as the one that TVM 0.18 is built with."""
    for name, text in {
        "CMSIS-NN/Include/arm_nnfunctions.h": "#include <core.h>\nint arm_nn_answer(void);\n",
        "CMSIS-NN/Source/ActivationFunctions/answer.c": (
            "#include <arm_nnfunctions.h>\nint arm_nn_answer(void) { return ARM_NN_ANSWER; }\n"
        ),
        "CMSIS/Core/Include/core.h": "#define ARM_NN_ANSWER 42\n",
    }.items():
        path = tmp_path / "cmsis-5" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "cmsis-5"


def test_options_have_upstreams_names_and_types(template: Path) -> None:
    with RawClient(template) as client:
        info = client.call("server_info_query", tvm_version="0.18.0")
    options = {option["name"]: option for option in info["project_options"]}
    assert {name: options[name]["type"] for name in OPTIONS} == OPTIONS
    assert options["project_type"]["choices"] == ["host_driven", "aot_standalone_demo"]
    for name in OPTIONS:
        methods = {*(options[name]["required"] or ()), *(options[name]["optional"] or ())}
        assert methods >= METHODS.get(name, {"generate_project"}), name


def test_heap_is_the_workspace(template: Path, crt: Path, tmp_path: Path) -> None:
    model = library(tmp_path / "m.tar")
    with RawClient(template) as client:
        every = client.call("server_info_query", tvm_version="")["project_options"]
        defaults = {option["name"]: option["default"] for option in every}
        given = {**defaults, "heap_size_bytes": 65536}
        client.call("generate_project", **request(model, tmp_path / "p", crt, **given))
        both = {"heap_size_bytes": 65536, "workspace_size_bytes": 131072}
        error = client.fail("generate_project", **request(model, tmp_path / "q", crt, **both))
    project = json.loads((tmp_path / "p/project.json").read_text())
    assert project["config"]["CONFIG_ZC_CRT_HEAP_SIZE"] == 65536
    assert error["message"].startswith("project option 'workspace_size_bytes': given twice, as ")


def test_definitions_as_a_list(template: Path, archive: Path, tmp_path: Path) -> None:
    with RawClient(template) as client:
        for words in (["-DA=1", "B"], "-DA=1 B"):
            folder = tmp_path / str(len(words))
            options = {"compile_definitions": words}
            client.call("generate_project", **request(archive, folder, None, **options))
            project = json.loads((folder / "project.json").read_text())
            assert project["compile_definitions"] == ["A=1", "B"]


@pytest.mark.slow
def test_cmsis_is_built_in(template: Path, crt: Path, cmsis: Path, tmp_path: Path) -> None:
    project = tmp_path / "p"
    model = library(tmp_path / "m.tar", CALLS_CMSIS)
    with RawClient(template) as client:
        call = request(model, project, crt, cmsis_path=str(cmsis))
        client.call("generate_project", **call)
    # The project holds what it needs of it.
    cmsis.rename(tmp_path / "elsewhere")
    with RawClient(project) as client:
        client.call("build", options={})
    commands = json.loads((project / "build/compile_commands.json").read_text())
    assert any(one["file"].endswith("ActivationFunctions/answer.c") for one in commands)


def test_cmsis_by_itself(template: Path, crt: Path, cmsis: Path, tmp_path: Path) -> None:
    model = library(tmp_path / "m.tar", CALLS_CMSIS)
    with RawClient(template) as client:
        call = request(model, tmp_path / "p", crt, cmsis_path=str(cmsis / "CMSIS-NN"))
        client.call("generate_project", **call)
    assert (tmp_path / "p/cmsis/Source/ActivationFunctions/answer.c").is_file()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home without a Zephyr workspace."""
    for name in ("ZEPHYR_BASE", "ZEPHYR_WORKSPACE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def test_cmsis_of_the_workspace(home: Path, template: Path, crt: Path, tmp_path: Path) -> None:
    zephyr = home / "zephyrproject" / "zephyr"
    (zephyr / "cmake" / "modules").mkdir(parents=True)
    (zephyr / "VERSION").touch()
    for name in ("Include/arm_nnfunctions.h", "Source/answer.c"):
        file = home / "zephyrproject/modules/lib/cmsis-nn" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    model = library(tmp_path / "m.tar", CALLS_CMSIS)
    with RawClient(template) as client:
        client.call("generate_project", **request(model, tmp_path / "p", crt))
    assert (tmp_path / "p/cmsis/Source/answer.c").is_file()


def test_cmsis_is_missing(home: Path, template: Path, crt: Path, tmp_path: Path) -> None:
    model = library(tmp_path / "m.tar", CALLS_CMSIS)
    with RawClient(template) as client:
        error = client.fail("generate_project", **request(model, tmp_path / "p", crt))
        assert error["message"].startswith("the model calls CMSIS-NN; cmsis_path is not given, ")
        call = request(model, tmp_path / "p", crt, cmsis_path=str(tmp_path))
        assert "which holds no CMSIS-NN" in client.fail("generate_project", **call)["message"]
        assert not (tmp_path / "p").exists()
        # Nor is it wanted by others.
        plain = library(tmp_path / "plain.tar")
        client.call("generate_project", **request(plain, tmp_path / "p", crt))
    assert not (tmp_path / "p/cmsis").exists()


@pytest.mark.slow
def test_tvms_own_client(archive: Path, built: Any, tmp_path: Path) -> None:
    """Replies and errors as the classes of TVM 0.18 take them."""
    pytest.importorskip("tvm.micro", reason="TVM 0.18 with tvm.micro is not importable")
    from tvm.micro.project_api import client, server

    template = client.instantiate_from_dir(TEMPLATE)
    info = template.server_info_query("0.18.0")
    assert info["is_template"] and info["protocol_version"] == 1
    for option in info["project_options"]:
        server.ProjectOption(**option)
    with pytest.raises(server.ServerError) as error:
        template.generate_project(str(archive), "", str(tmp_path / "p"), {"board": "none"})
    assert type(error.value) is server.ServerError
    assert "unknown board 'none'" in str(error.value) and "hint: " in str(error.value)
    with pytest.raises(server.JSONRPCError) as invalid:
        template._request_reply("build", {})
    assert invalid.value.code == server.ErrorCode.INVALID_PARAMS
    with pytest.raises(server.JSONRPCError) as unknown:
        template._request_reply("erase", {})
    assert unknown.value.code == server.ErrorCode.METHOD_NOT_FOUND
    template.shutdown()

    project = client.instantiate_from_dir(built())
    with pytest.raises(server.TransportClosedError):
        project.read_transport(1, 1.0)
    timeouts = server.TransportTimeouts(**project.open_transport({})["timeouts"])
    assert timeouts.session_start_timeout_sec > 0
    with pytest.raises(server.IoTimeoutError):
        project.read_transport(1, 0.1)
    project.write_transport(b"\xff\xfd hello", 5.0)
    assert project.read_transport(8, 5.0)["data"][:2] == b"\xff\xfd"
    project.close_transport()
    project.close_transport()
    project.shutdown()


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"use_fvp": "1"}, "mps3_an547"),
        ({"arm_fvp_path": "/opt/fvp"}, "mps3_an547"),
        ({"project_type": "mlperftiny"}, "MLPerf Tiny"),
    ],
)
def test_options_of_upstream_that_are_not_taken(
    template: Path, crt: Path, tmp_path: Path, given: dict[str, Any], text: str
) -> None:
    """The error names the option, and what to do instead."""
    with RawClient(template) as client:
        error = client.fail(
            "generate_project",
            **request(library(tmp_path / "m.tar"), tmp_path / "p", crt, **given),
        )
    (name,) = given
    assert f"'{name}'" in error["message"] and text in error["data"]["hint"]


def test_options_of_upstream_as_upstream_writes_them(
    template: Path, crt: Path, tmp_path: Path
) -> None:
    """Booleans are 0 and 1, too; defaults of what is not taken are."""
    given = {"verbose": 1, "warning_as_error": 0, "use_fvp": False, "arm_fvp_path": None}
    with RawClient(template) as client:
        model = library(tmp_path / "m.tar")
        client.call("generate_project", **request(model, tmp_path / "p", crt, **given))
        error = client.fail(
            "generate_project", **request(model, tmp_path / "q", crt, **{"verbose": 2})
        )
        assert "want true or false" in error["message"]
    options = json.loads((tmp_path / "p/project.json").read_text())["options"]
    assert options["verbose"] is True and options["warning_as_error"] is False
    with RawClient(tmp_path / "p") as client:
        error = client.fail("open_transport", options={"gdbserver_port": 1234})
        assert "-gdb tcp::PORT" in error["data"]["hint"]


def test_boards_that_tvm_micro_testing_reads() -> None:
    """get_supported_boards() reads boards.json; its names are those of boards, or aliases."""
    listed = json.loads((TEMPLATE / "boards.json").read_text())
    known = boards.find([REPOSITORY / "boards"])
    for name, entry in listed.items():
        board = boards.choose(known, name)
        assert set(entry) == {"board", "model", "is_qemu", "fpu", "vid_hex", "pid_hex"}
        assert entry["board"] == name and entry["is_qemu"] == board.runs_here
        ids = f"{entry['vid_hex']}:{entry['pid_hex']}"
        assert ids == ":" or ids.startswith(tuple(board.console["usb"]))
    upstream = {"mps2_an521", "mps3_an547", "nrf5340dk_nrf5340_cpuapp", "nucleo_l4r5zi"}
    assert upstream | {"nucleo_f746zg", "qemu_riscv64"} <= set(listed)
