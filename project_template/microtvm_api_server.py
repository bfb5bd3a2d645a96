#!/usr/bin/env python3
# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The microTVM Project API server of this template, and of each project generated from it.

It needs Python 3.10 and its standard library. TVM 0.18 and the zephyr-counters package start it
with two pipes, `--read-fd` and `--write-fd`; see project_api/protocol.py for what they speak.
"""

import sys
from pathlib import Path

if sys.version_info < (3, 10):  # noqa: UP036, this file runs wherever a project is
    sys.exit("microtvm_api_server.py: Python 3.10 or later is needed")

from project_api.main import main

if __name__ == "__main__":
    sys.exit(main(Path(__file__).resolve().parent, sys.argv[1:]))
