# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Recurrent layers, unrolled over time."""

from __future__ import annotations

from zephyr_counters.compile.frontends.tflite.context import Converters

CONVERTERS: Converters = {}
