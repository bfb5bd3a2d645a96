# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Fixtures of the tests of reports."""

from browser_fixtures import browser
from command_fixtures import fake, install

__all__ = ["browser", "fake", "install"]
