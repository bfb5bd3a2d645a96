#!/usr/bin/env python3
# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The microTVM Project API server of this template, and of each project generated from it.

It needs Python 3.10 and its standard library. TVM 0.18 and the zephyr-counters package start it
with two pipes, `--read-fd` and `--write-fd`; zephyr_counters/project_api/protocol.py has what they
speak. A generated project holds a copy of the modules beside this file; the template takes them
from the package that it belongs to.
"""

import sys
from pathlib import Path

if sys.version_info < (3, 10):  # noqa: UP036, this file runs wherever a project is
    sys.exit("microtvm_api_server.py: Python 3.10 or later is needed")

HOME = Path(__file__).resolve().parent
# Where the package is, seen from a project, from the template in a checkout, and in a wheel.
for _folder in (HOME, HOME.parent / "host" / "src", HOME.parent.parent.parent):
    if (_folder / "zephyr_counters" / "project_api").is_dir():
        sys.path.insert(0, str(_folder))
        break

from zephyr_counters.project_api.main import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main(HOME, sys.argv[1:]))
