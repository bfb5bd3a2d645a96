/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#define DT_DRV_COMPAT zephyr_counters_mac_array

#include <zephyr/drivers/hwcnt.h>
#include <zephyr/kernel.h>

#include "mac_array.h"

BUILD_ASSERT(DT_NUM_INST_STATUS_OKAY(DT_DRV_COMPAT) == 1,
	     "generated kernels know one array: enable one zephyr-counters,mac-array node");

DEVICE_DT_INST_DEFINE(0, NULL, NULL, NULL, NULL, POST_KERNEL, CONFIG_HWCNT_INIT_PRIORITY,
		      &mac_array_api);
