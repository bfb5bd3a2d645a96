# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The link to a board: bytes, frames, sessions, and the bridge to TVM's own RPC client."""
