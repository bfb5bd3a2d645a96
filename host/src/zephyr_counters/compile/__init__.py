# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Compile a model to C through TVM: `compile_model` is the way in."""

from zephyr_counters.compile.pipeline import compile_imported, compile_model

__all__ = ["compile_imported", "compile_model"]
