# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Build firmware with TVM 0.18's C runtime: python build_crt.py BOARD FOLDER, by a TVM 0.18."""

from __future__ import annotations

import sys
from pathlib import Path

import tvm
import tvm.micro
from tvm import relay
from tvm.relay.backend import Executor, Runtime

TEMPLATE = Path(__file__).resolve().parents[2] / "project_template"
ELEMENTS = 10


def main(board: str, folder: str) -> None:
    """A model that adds two vectors, so that what does not fit is the runtime."""
    x, y = (relay.var(name, shape=(ELEMENTS,)) for name in "xy")
    module = tvm.IRModule.from_expr(relay.Function([x, y], relay.add(x, y)))
    with tvm.transform.PassContext(opt_level=3, config={"tir.disable_vectorize": True}):
        library = relay.build(
            module,
            target=tvm.target.Target("c", host="c"),
            runtime=Runtime("crt", {"system-lib": True}),
            executor=Executor("graph", {"link-params": True}),
        )
    tvm.micro.generate_project(str(TEMPLATE), library, folder, {"board": board}).build()


if __name__ == "__main__":
    main(*sys.argv[1:])
