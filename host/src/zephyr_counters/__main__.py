# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""`python -m zephyr_counters` is the command `zephyr-counters`."""

import sys

from zephyr_counters.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
