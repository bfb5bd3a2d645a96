# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Every file that is read from outside, each read by one module. Standard library only.

A generated project takes this folder along, so nothing here imports a third-party package.
"""
