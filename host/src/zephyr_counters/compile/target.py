# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""`--target` to what it stands for, and the kernel that a target has for an operator."""

from __future__ import annotations

from collections.abc import Sequence

from tvm import relax

from zephyr_counters.compile.graph import KernelCall
from zephyr_counters.compile.kernels import libraries_for
from zephyr_counters.compile.messages import brief
from zephyr_counters.compile.objectives import BALANCED, OBJECTIVES
from zephyr_counters.errors import CompileError, UsageError, ZephyrCountersError
from zephyr_counters.extensions.kernel import Target, for_core
from zephyr_counters.extensions.loader import load
from zephyr_counters.extensions.operator import Operator
from zephyr_counters.formats import core
from zephyr_counters.formats.model_metadata import LayerCandidate


def parse(
    text: str,
    mcpu: str | None = None,
    optimize: str = BALANCED,
    fuse: bool = True,
    overwrite: bool = True,
) -> Target:
    """Return the target that `c` or `c,EXTENSION,...` stands for.

    Args:
        text: the target.
        mcpu: the core, such as "cortex-m4"; None for any.
        optimize: one of `OBJECTIVES`.
        fuse: whether kernels may compute several integer operators.
        overwrite: whether layers may write their output over their input.

    Raises:
        UsageError: it is something else, an extension does not exist or has no kernels, or the
            core or the objective is not known.
    """
    parts = [part.strip() for part in text.split(",")]
    if parts[0] != "c":
        raise UsageError(f"target '{text}' is not known", "use c, or c,mac-array")
    features = core.features(mcpu or core.GENERIC)
    extensions = tuple(for_core(load(part).patterns(), features) for part in parts[1:])
    libraries = libraries_for(features)
    choose = OBJECTIVES.get(optimize)
    if choose is None:
        raise UsageError(f"optimize is '{optimize}'", f"use one of {', '.join(OBJECTIVES)}")
    return Target(",".join(parts), libraries, extensions, mcpu, choose, optimize, fuse, overwrite)


def kernel_call(
    op: Operator, args: Sequence[relax.Var], target: Target
) -> tuple[KernelCall, str | None, LayerCandidate] | None:
    """Return a call of the kernel that the target has for an operator, or None if it has none.

    Args:
        op: the operator.
        args: its inputs.
        target: asked for it.

    Returns:
        the call; the name of the extension that computes it, if it is an extension; and what the
        archive says of the kernel.

    Raises:
        CompileError: a kernel library failed.
    """
    try:
        choice = target.choice(op)
        if choice is None:
            return None
        lowering = choice.candidate.lower()
    except ZephyrCountersError:
        raise
    except Exception as error:
        raise CompileError(
            f"a kernel library of target '{target.name}' failed at {op.family}: {brief(error)}"
        ) from error
    constants = tuple(relax.const(array) for array in lowering.constants)
    call = KernelCall(
        lowering.func,
        lowering.name,
        (*args, *constants),
        lowering.files,
        lowering.requires,
        choice.extra_constants,
        op,
        choice.candidate.estimate,
    )
    knobs = tuple((key, str(value)) for key, value in sorted(choice.candidate.knobs.items()))
    described = LayerCandidate(choice.library, choice.candidate.name, knobs)
    return call, choice.library if choice.is_extension else None, described
