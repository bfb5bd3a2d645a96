# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""AutoTVM with counters: what TVM 0.18 measures of each candidate, and the board's counters.

    from zephyr_counters.microtvm import autotvm as counting

    runner = counting.LocalRunner(
        counters=["mac-array:*"], number=1, repeat=3, timeout=60,
        module_loader=counting.ModuleLoader({"board": "mps2_an385"}))
    tuner.tune(n_trial, autotvm.measure_option(builder, runner), callbacks=[
        autotvm.callback.log_to_file("tune.json")])
    for measure_input, result in counting.load("tune.json"):
        result.costs, [repeat["mac-array:busy-cycles"] for repeat in result.counters]

`builder` is TVM's own, `LocalBuilder(n_parallel=1, build_func=tvm.micro.autotvm_build_func,
runtime=Runtime("crt", {"system-lib": True}))`.
"""

from zephyr_counters.errors import UsageError

try:
    import tvm.autotvm
    import tvm.micro  # noqa: F401
except ImportError as error:
    raise UsageError(
        f"zephyr_counters.microtvm.autotvm needs a TVM with microTVM and AutoTVM: {error}",
        "TVM 0.18, built from source with USE_MICRO, is the last that has both",
    ) from error

from zephyr_counters.microtvm.autotvm.loader import ModuleLoader
from zephyr_counters.microtvm.autotvm.record import load
from zephyr_counters.microtvm.autotvm.result import MeasureResult, Repeat
from zephyr_counters.microtvm.autotvm.runner import LocalRunner, RPCRunner

__all__ = ["LocalRunner", "MeasureResult", "ModuleLoader", "RPCRunner", "Repeat", "load"]
