# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Fixtures of the tests in this folder."""

from template_fixtures import archive, template

__all__ = ["archive", "template"]
