# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A small model, compiled by TVM 0.18, and sessions with boards that run it."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import serial
import tvm
import tvm.micro
from tvm import relay
from tvm.micro.transport import Transport, TransportTimeouts
from tvm.relay.backend import Executor, Runtime
from zephyr_counters import resources

EMULATED = ["native_sim", "mps2_an385"]
BOARDS = ["posix", *(pytest.param(name, marks=pytest.mark.slow) for name in EMULATED)]
"""Where the tests run; where there is no Zephyr, they are skipped with that reason."""

SHAPE = (1, 8, 16, 16)
IMAGE = np.random.RandomState(3).randn(*SHAPE).astype("float32")
CONV = "tvmgen_default_fused_nn_contrib_conv2d_NCHWc_nn_relu"
TARGET = tvm.target.Target("c", host="c")
PLAIN_C = {"tir.disable_vectorize": True}


def network() -> Any:
    """Convolution, pool, dense and softmax, with their weights."""
    weights = np.random.RandomState(0)
    x = relay.var("x", shape=SHAPE)
    kernel = relay.const(weights.randn(8, 8, 3, 3).astype("float32"))
    y = relay.nn.conv2d(x, kernel, padding=(1, 1), channels=8, kernel_size=(3, 3))
    y = relay.nn.batch_flatten(relay.nn.global_avg_pool2d(relay.nn.relu(y)))
    y = relay.nn.dense(y, relay.const(weights.randn(10, 8).astype("float32")))
    return tvm.IRModule.from_expr(relay.Function([x], relay.nn.softmax(y)))


def compiled(executor: str) -> Any:
    """The network for the CRT's graph or AOT executor."""
    options = {"graph": {"link-params": True}, "aot": {"interface-api": "packed"}}
    with tvm.transform.PassContext(opt_level=3, config=PLAIN_C):
        return relay.build(
            network(),
            target=TARGET,
            runtime=Runtime("crt", {"system-lib": True}),
            executor=Executor(executor, options[executor]),
        )


def expected() -> Any:
    """What the network says of IMAGE on this machine."""
    with tvm.transform.PassContext(opt_level=3):
        built = relay.build(network(), target="llvm")
    module = tvm.contrib.graph_executor.GraphModule(built["default"](tvm.cpu()))
    module.set_input("x", IMAGE)
    module.run()
    return module.get_output(0).numpy()


def need_board(name: str) -> None:
    """Skip the test where the board cannot be built or run."""
    if name != "posix":
        from zephyr_fixtures import need

        need(name)


@dataclasses.dataclass
class Built:
    """A project with its firmware, and what was compiled into it."""

    board: str
    library: Any
    folder: Path

    @property
    def graph(self) -> Any:
        return self.library.get_graph_json()

    def transport(self) -> Any:
        """A new one each time: TVM ends a project's server with its transport."""
        return tvm.micro.GeneratedProject.from_directory(self.folder, {}).transport()


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A function that builds a board's firmware around the network, once."""
    done = {}

    def build(board: str, executor: str) -> Any:
        need_board(board)
        if (board, executor) not in done:
            folder = tmp_path_factory.mktemp("microtvm") / board
            library = compiled(executor)
            template = resources.path("project_template")
            project = tvm.micro.generate_project(template, library, folder, {"board": board})
            project.build()
            project.flash()
            done[board, executor] = Built(board, library, folder)
        return done[board, executor]

    return build


class Tapped:
    """A transport of TVM's that remembers what the host sends."""

    def __init__(self, transport: Any) -> None:
        self._transport = transport
        self.sent = bytearray()

    def timeouts(self) -> Any:
        return self._transport.timeouts()

    def open(self) -> None:
        self._transport.open()

    def close(self) -> None:
        self._transport.close()

    def write(self, data: Any, timeout_sec: Any) -> None:
        self.sent += data
        self._transport.write(data, timeout_sec)

    def read(self, n: Any, timeout_sec: Any) -> Any:
        return self._transport.read(n, timeout_sec)

    def __enter__(self) -> Any:
        self.open()
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()


class Terminal(Transport):  # type: ignore[misc]
    """A terminal at whose other end a firmware is, which does not end with it."""

    def __init__(self, path: Any) -> None:
        self._port = serial.Serial()
        self._port.port = str(path)

    def timeouts(self) -> Any:
        return TransportTimeouts(2.0, 10.0, 60.0)

    def open(self) -> None:
        self._port.open()

    def close(self) -> None:
        self._port.close()

    def write(self, data: Any, timeout_sec: Any) -> None:
        self._port.write(data)

    def read(self, n: Any, timeout_sec: Any) -> Any:
        self._port.timeout = timeout_sec
        return self._port.read(n)


@pytest.fixture
def sessions(built: Any) -> Iterator[Any]:
    """A function that opens a session with a board: (session, what was built, its transport)."""
    with contextlib.ExitStack() as stack:

        def open_session(board: str, executor: str = "graph") -> Any:
            here = built(board, executor)
            tapped = Tapped(here.transport())
            return stack.enter_context(tvm.micro.Session(tapped)), here, tapped

        yield open_session
