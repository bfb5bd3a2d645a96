/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include "host_clock.h"

static struct hwcnt_fixed_selection selection;

ZC_POSIX_PROVIDER("host-clock", &host_clock_api, &host_clock_info, &selection);
