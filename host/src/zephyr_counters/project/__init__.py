# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Projects: from a model archive to firmware that runs on a board."""

from zephyr_counters.project.project import Project, create, template_dir
from zephyr_counters.project.transport import ProjectTransport

__all__ = ["Project", "ProjectTransport", "create", "template_dir"]
