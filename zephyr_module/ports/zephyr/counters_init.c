/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* Regions can be measured before the server starts, or without one. */

#include <zephyr/init.h>

#include <zephyr_counters/counters.h>

SYS_INIT(zc_counters_init, APPLICATION, CONFIG_APPLICATION_INIT_PRIORITY);
