/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* The tests are in ../../common/core_hardware.c; twister looks for the suite's name here. */

#include <zephyr/ztest.h>

ZTEST_SUITE(core_hardware, NULL, NULL, NULL, NULL, NULL);
