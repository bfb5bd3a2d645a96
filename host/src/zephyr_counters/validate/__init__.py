# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Comparing a compiled model with its source model, on the host or on a board."""

from zephyr_counters.validate.host import HostValidation, on_host
from zephyr_counters.validate.validate import Validation, on_board

__all__ = ["HostValidation", "Validation", "on_board", "on_host"]
