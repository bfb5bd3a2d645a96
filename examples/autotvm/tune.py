# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Tune a small dense layer and a small convolution on a board; print the best by time and counters.

Needs TVM 0.18 with microTVM.

    python tune.py
    python tune.py --board mps2_an385 --project-option zephyr_base=$ZEPHYR_BASE --timeout 300
"""

import argparse
import statistics
from fnmatch import fnmatchcase

import tvm
import tvm.micro
from tvm import autotvm, relay
from tvm.relay.backend import Runtime
from zephyr_counters.microtvm import autotvm as counting

TARGET = tvm.target.Target("c -keys=cpu")
PLAIN_C = {"tir.disable_vectorize": True}


def dense():
    """Multiply a row of 64 float32 values by a matrix, giving 32."""
    data = relay.var("data", shape=(1, 64))
    return relay.nn.dense(data, relay.var("weight", shape=(32, 64)))


def convolution():
    """Convolve 8 channels of 16x16 float32 values with 3x3 kernels, giving 8 channels."""
    data = relay.var("data", shape=(1, 8, 16, 16))
    weight = relay.var("weight", shape=(8, 8, 3, 3))
    return relay.nn.conv2d(data, weight, padding=(1, 1), channels=8, kernel_size=(3, 3))


def tasks_of(expression):
    """Extract the tasks that AutoTVM finds in an operator."""
    module = tvm.IRModule.from_expr(expression)
    with tvm.transform.PassContext(opt_level=3, config=PLAIN_C):
        return autotvm.task.extract_from_program(module, {}, TARGET)


def tune(task, options):
    """Measure some candidates of a task; return (configuration, result) of each."""
    builder = autotvm.LocalBuilder(
        n_parallel=1,
        build_kwargs={"build_option": PLAIN_C},
        build_func=tvm.micro.autotvm_build_func,
        runtime=Runtime("crt", {"system-lib": True}),
        timeout=options.timeout,
    )
    project_options = dict(one.split("=", 1) for one in options.project_option)
    runner = counting.LocalRunner(
        counters=options.counters.split(","),
        number=options.number,
        repeat=options.repeat,
        timeout=options.timeout,
        cooldown_interval=0,
        module_loader=counting.ModuleLoader({"board": options.board, **project_options}),
    )
    measured = []
    callbacks = [lambda _, inputs, results: measured.extend(zip(inputs, results, strict=True))]
    if options.log:
        callbacks.append(autotvm.callback.log_to_file(options.log))
    tuner = autotvm.tuner.RandomTuner(task)
    trials = min(options.trials, len(task.config_space))
    tuner.tune(trials, autotvm.measure_option(builder, runner), callbacks=callbacks)
    return [(measure_input.config, result) for measure_input, result in measured]


def print_best(task, measured, patterns):
    """Print, for each quantity measured, the candidate with the smallest value."""
    good = [(config, result) for config, result in measured if result.error_no == 0]
    print(f"{task.name}: {len(good)} of {len(measured)} candidates measured")
    for _, result in measured:
        if result.error_no != 0:
            print(f"  failed: {str(result.costs[-1]).splitlines()[0]}")
    if not good:
        return
    least = {"seconds": lambda result: statistics.fmean(result.costs)}
    for name in good[0][1].counters[0]:
        short = name.partition(":")[2]
        values = [repeat[name] for _, result in good for repeat in result.counters]
        # Opaque data, and counts that cannot be trusted, are not numbers.
        if not all(isinstance(value, (int, float)) for value in values):
            continue
        if any(fnmatchcase(name, one) or fnmatchcase(short, one) for one in patterns):
            least[name] = lambda result, name=name: statistics.median(
                repeat[name] for repeat in result.counters
            )
    for name, value in least.items():
        config, result = min(good, key=lambda one, value=value: value(one[1]))
        worst = max(value(one[1]) for one in good)
        print(f"  least {name}: {value(result):.6g} (worst {worst:.6g}): {config}")


def main():
    """Tune both operators on one board."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--board", default="posix")
    parser.add_argument("--project-option", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--counters", default="cycles", help="globs, separated by commas")
    parser.add_argument("--trials", type=int, default=6, help="candidates per task")
    parser.add_argument("--number", type=int, default=10, help="calls per repeat")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--timeout", type=float, default=60, help="seconds per candidate")
    parser.add_argument("--log", help="append AutoTVM's log to this file")
    options = parser.parse_args()
    for operator in (dense, convolution):
        for task in tasks_of(operator()):
            print_best(task, tune(task, options), options.counters.split(","))


if __name__ == "__main__":
    main()
