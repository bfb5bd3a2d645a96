# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Measure a model on a board, layer by layer."""

from zephyr_counters.measure.profile import profile, profile_function, profile_regions
from zephyr_counters.measure.stopped import ProfileInterrupted, ProfileStopped

__all__ = [
    "ProfileInterrupted",
    "ProfileStopped",
    "profile",
    "profile_function",
    "profile_regions",
]
