# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What makes the documentation's site out of docs/, parsers, boards, metrics and docstrings."""
