# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Every file that comes from outside, each read by one module.

Host package and project template share these modules, and a generated project takes a copy of this
folder along. They therefore import nothing but the standard library.
"""
