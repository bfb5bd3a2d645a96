# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The compiler's own kernel libraries.

To add one: a folder with an object that has the methods of `KernelLibrary`, and a line here.
"""

from zephyr_counters.compile.kernels.portable import PORTABLE
from zephyr_counters.extensions.kernel import KernelLibrary

LIBRARIES: tuple[KernelLibrary, ...] = (PORTABLE,)
