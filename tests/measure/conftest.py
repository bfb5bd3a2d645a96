# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Fixtures of the tests of profiles."""

from command_fixtures import fake

__all__ = ["fake"]
