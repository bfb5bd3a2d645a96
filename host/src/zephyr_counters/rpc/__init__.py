# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""TVM RPC between a client and a board: channel, bridge, server and tracker."""
