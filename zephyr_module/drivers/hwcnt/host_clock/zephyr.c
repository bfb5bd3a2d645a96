/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#define DT_DRV_COMPAT zephyr_counters_host_clock

#include <zephyr/kernel.h>

#include "host_clock.h"

#define HOST_CLOCK_DEFINE(inst)                                                                    \
	static struct hwcnt_fixed_selection selection_##inst;                                      \
	DEVICE_DT_INST_DEFINE(inst, NULL, NULL, &selection_##inst, &host_clock_info, POST_KERNEL,  \
			      CONFIG_HWCNT_INIT_PRIORITY, &host_clock_api);

DT_INST_FOREACH_STATUS_OKAY(HOST_CLOCK_DEFINE)
