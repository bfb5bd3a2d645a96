# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Templates, archives and projects for the tests in this folder."""

from template_fixtures import archive, built, crt, server, template

__all__ = ["archive", "built", "crt", "server", "template"]
