# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What third parties bring: kernel libraries, decoders, and how they are found."""
