# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Quantized operators, recognized in the graph: one module per operator family."""
