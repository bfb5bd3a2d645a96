# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Counters for microTVM: TVM 0.18, its C runtime (CRT) on the board, and AutoTVM.

    from zephyr_counters import microtvm

    with tvm.micro.Session(project.transport()) as session:
        module = tvm.contrib.graph_executor.create(graph, session.get_system_lib(), session.device)
        print(microtvm.profile(session, module, {"x": array}).table())

The project is one that `tvm.micro.generate_project` made of the folder that
`zephyr-counters template-dir` prints. TVM is imported when something here is called, not before.
AutoTVM's part is in `microtvm.autotvm`.
"""

from zephyr_counters.microtvm.board import RpcBoard, read_catalog
from zephyr_counters.microtvm.profile import measure, measure_function, profile, profile_function
from zephyr_counters.microtvm.tvm_report import as_tvm

__all__ = [
    "RpcBoard",
    "as_tvm",
    "measure",
    "measure_function",
    "profile",
    "profile_function",
    "read_catalog",
]
