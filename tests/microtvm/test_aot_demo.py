# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""project_type=aot_standalone_demo, driven as users of upstream's drive theirs."""

import tarfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("tvm.micro", reason="TVM 0.18 with tvm.micro is not importable")

import tvm
from microtvm_fixtures import BOARDS
from tvm import relay
from tvm.micro.project_api.server import ServerError
from tvm.micro.testing.utils import (
    aot_transport_find_message,
    aot_transport_init_wait,
    create_header_file,
    mlf_extract_workspace_size_bytes,
)
from tvm.relay.backend import Executor, Runtime
from zephyr_fixtures import need

pytestmark = [pytest.mark.microtvm, pytest.mark.timeout(600)]

TEMPLATE = Path(__file__).resolve().parents[2] / "project_template"
ADVANCING = {
    "posix": "host-clock:time",
    "native_sim": "host-clock:time",
    "mps2_an385": "kernel-cycles:cycles",
}
SAMPLE = np.random.default_rng(7).integers(-128, 128, (1, 64), "int8")
WEIGHTS = np.random.default_rng(8).integers(-128, 128, (10, 64), "int8")
EXPECTED = int((SAMPLE.astype("int32") @ WEIGHTS.astype("int32").T).argmax())


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A dense layer for the AOT executor with its C interface; names are not upstream's."""
    x = relay.var("an.input", shape=SAMPLE.shape, dtype="int8")
    dense = relay.nn.dense(x, relay.const(WEIGHTS), out_dtype="int32")
    with tvm.transform.PassContext(opt_level=3, config={"tir.disable_vectorize": True}):
        lowered = relay.build(
            tvm.IRModule.from_expr(relay.Function([x], dense)),
            target=tvm.target.Target("c"),
            runtime=Runtime("crt"),
            executor=Executor("aot", {"unpacked-api": True, "interface-api": "c"}),
            mod_name="ten",
        )
    path = tmp_path_factory.mktemp("archive") / "model.tar"
    tvm.micro.export_model_library_format(lowered, path)
    return path


def generate(archive: Any, folder: Any, board: Any, sample: Any = SAMPLE) -> Any:
    """As generate_project() and build_project() of upstream's tests do."""
    folder.mkdir()
    extra = folder / "extra"
    with tarfile.open(extra, "w:gz") as tar:
        create_header_file("input_data", sample, "include/tvm", tar)
        create_header_file("output_data", np.zeros((1, 10), "int32"), "include/tvm", tar)
    workspace = mlf_extract_workspace_size_bytes(archive)
    options = {
        "extra_files_tar": str(extra),
        "project_type": "aot_standalone_demo",
        "verbose": False,
        "board": board,
        "serial_number": None,
        "compile_definitions": [f"-DWORKSPACE_SIZE={workspace + 128}"],
    }
    return tvm.micro.project.generate_project_from_mlf(
        str(TEMPLATE), folder / "project", archive, options
    )


@pytest.fixture(scope="module", params=BOARDS)
def built(
    request: pytest.FixtureRequest, archive: Any, tmp_path_factory: pytest.TempPathFactory
) -> Any:
    """The board's name, and its project's folder."""
    board = request.param
    if board != "posix":
        need(board)
    folder = tmp_path_factory.mktemp("demo") / board
    generate(archive, folder, board).build()
    return board, folder / "project"


def opened(folder: Any) -> Any:
    project = tvm.micro.project.GeneratedProject.from_directory(folder, {})
    project.flash()
    return project.transport()


def lines_until(transport: Any, last: Any) -> Any:
    """All lines up to the one that is `last`."""
    lines = []
    while last not in lines:
        lines.append(aot_transport_find_message(transport, "\n", timeout_sec=60).strip("\n"))
    return lines


def test_upstream_s_script_gets_its_result(built: Any) -> None:
    _, folder = built
    with opened(folder) as transport:
        aot_transport_init_wait(transport)
        for _ in range(2):
            transport.write(b"infer%", timeout_sec=5)
            line = aot_transport_find_message(transport, "result", timeout_sec=60)
            word, index, milliseconds = line.strip("\n").split(":")
            assert (word, int(index)) == ("result", EXPECTED)
            assert 0 <= int(milliseconds) < 60000


def test_counters_follow_each_result(built: Any) -> None:
    board, folder = built
    with opened(folder) as transport:
        aot_transport_init_wait(transport)
        for _ in range(2):
            transport.write(b"infer%ask%", timeout_sec=5)
            lines = lines_until(transport, "ready")
            first = [line.startswith("result") for line in lines].index(True)
            shown = [line.split(":") for line in lines[first + 1 : -1]]
            assert {words[0] for words in shown} == {"hwcnt"}
            values = {f"{words[1]}:{words[2]}": int(words[3]) for words in shown}
            assert len(values) == len(shown)
            assert 0 < values[ADVANCING[board]] < 60e9
            doubts = {words[1]: words[5:] for words in shown}
            # Simulated time stands still while native_sim computes.
            assert doubts["kernel-cycles"] == ["stuck"] if board == "native_sim" else True
            assert not doubts[ADVANCING[board].split(":")[0]]
            assert values["mac-array:jobs"] == 0
            for line in lines[:first]:
                assert line == "wakeup" or line.split(":")[2] == "unavailable"


def test_commands(built: Any) -> None:
    _, folder = built
    with opened(folder) as transport:
        aot_transport_init_wait(transport)
        transport.write(b"in", timeout_sec=5)
        transport.write(b"it%", timeout_sec=5)
        assert lines_until(transport, "wakeup")[-1] == "wakeup"
        for unknown in (b"%", b"Init%", b"init %", b"infer" * 100 + b"%", bytes(300) + b"%"):
            transport.write(unknown, timeout_sec=5)
            assert lines_until(transport, "ready")[-1] == "ready"
        transport.write(b"infer%", timeout_sec=5)
        assert aot_transport_find_message(transport, f"result:{EXPECTED}:", timeout_sec=60)


def test_no_rpc_server_is_in_the_firmware(built: Any) -> None:
    board, folder = built
    firmware = next(
        path
        for path in (folder / "build" / name for name in ("firmware", "zephyr/zephyr.elf"))
        if path.exists()
    )
    data = firmware.read_bytes()
    assert b"tvmgen_ten_run" in data, board
    assert b"MicroTVMRpcServer" not in data
    assert b"hwcnt.take" not in data


def test_builds_for_a_board_that_is_flashed(archive: Any, tmp_path: Path) -> None:
    need("nrf52840dk")
    generate(archive, tmp_path / "nrf", "nrf52840dk").build()
    assert (tmp_path / "nrf/project/build/zephyr/zephyr.hex").is_file()


def test_input_that_is_too_small(archive: Any, tmp_path: Path) -> None:
    project = generate(archive, tmp_path / "p", "posix", SAMPLE[:, 1:])
    with pytest.raises(ServerError, match=r"input_data\.h: less than the model reads"):
        project.build()


def test_model_without_the_c_interface(tmp_path: Path) -> None:
    x = relay.var("x", shape=(1, 4))
    lowered = relay.build(
        tvm.IRModule.from_expr(relay.Function([x], relay.nn.relu(x))),
        target=tvm.target.Target("c"),
        runtime=Runtime("crt", {"system-lib": True}),
        executor=Executor("aot"),
    )
    archive = tmp_path / "model.tar"
    tvm.micro.export_model_library_format(lowered, archive)
    with pytest.raises(ServerError, match="AOT executor with its C interface"):
        generate(archive, tmp_path / "p", "posix")
    assert not (tmp_path / "p/project").exists()
