# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Hardware counters, layer by layer, for machine learning on microcontrollers."""

__version__ = "0.1.0"
