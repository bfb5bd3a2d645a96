# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A firmware that does the same as another one, and takes a little longer: a real, known change."""

from __future__ import annotations

import shutil
from pathlib import Path

from zephyr_counters.project import Project

KERNEL = "max_pool2d"
"""Of the demo's model; one call takes about 1/290 of the model's time on posix."""
PLAN = Path("model") / "src" / "plan.c"
CALLS = 9
"""More calls of it, which take 3% of the model's time."""

_PROTOTYPE = (
    f"int32_t __tvm_ffi_{KERNEL}(void *self, void *args, int32_t num_args, void *result);\n"
)
_ENTRY = f'"{KERNEL}", __tvm_ffi_{KERNEL},'
_MORE = f"""
static int32_t more_work(void *self, void *args, int32_t num_args, void *result)
{{
	for (int i = 0; i < {CALLS}; i++) {{
		(void)__tvm_ffi_{KERNEL}(self, args, num_args, result);
	}}
	return __tvm_ffi_{KERNEL}(self, args, num_args, result);
}}
"""


def patched(plan: str) -> str:
    """Return the source of a plan in which the kernel is called more often."""
    if plan.count(_PROTOTYPE) != 1 or plan.count(_ENTRY) != 1:
        raise ValueError(f"the plan has no kernel {KERNEL} to call more often")
    plan = plan.replace(_PROTOTYPE, _PROTOTYPE + _MORE)
    return plan.replace(_ENTRY, f'"{KERNEL}", more_work,')


def with_more_work(project: Project, folder: Path) -> Project:
    """Copy a project of the demo's model and build it with a kernel that is called more often."""
    shutil.copytree(project.path, folder, ignore=shutil.ignore_patterns("build"))
    plan = folder / PLAN
    plan.write_text(patched(plan.read_text(encoding="utf-8")), encoding="utf-8")
    made = Project.open(folder)
    made.build()
    return made
