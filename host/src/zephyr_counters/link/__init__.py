# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The link to a board: transports that carry bytes, and the wire protocol that they carry."""
