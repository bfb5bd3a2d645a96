# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Projects: from a model archive to firmware that runs on a board."""

from .boards import BoardInfo, list_boards
from .project import Project, create, template_dir
from .transport import ProjectTransport

__all__ = ["BoardInfo", "Project", "ProjectTransport", "create", "list_boards", "template_dir"]
