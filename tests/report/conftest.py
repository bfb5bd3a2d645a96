# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Fixtures of the tests of reports."""

from command_fixtures import fake, install

__all__ = ["fake", "install"]
