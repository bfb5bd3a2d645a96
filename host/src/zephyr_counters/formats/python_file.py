# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Python files that extensions bring, loaded as modules."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

from zephyr_counters.errors import UsageError, ZephyrCountersError


def load(file: Path) -> ModuleType:
    """Return the module in `file`; its name is made from the path, so that no two files share one.

    Raises:
        UsageError: it cannot be read, or raises an error while it is loaded.
    """
    name = "zephyr_counters_extension_" + re.sub(r"\W", "_", str(file.resolve()))
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise UsageError(f"{file}: is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except ZephyrCountersError:
        del sys.modules[name]
        raise
    except Exception as error:
        del sys.modules[name]
        raise UsageError(f"{file}: cannot be loaded: {error}") from error
    return module
