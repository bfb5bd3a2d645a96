# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""microTVM's framing and session: bytes in, packets out. No I/O."""
