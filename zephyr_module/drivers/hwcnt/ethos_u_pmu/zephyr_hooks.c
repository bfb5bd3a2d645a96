/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* The core driver's weak hooks, which it calls around every inference: ethosu_driver.h. */

#include <ethosu_driver.h>
#include <zephyr/sys/util.h>

#include "ethos_u_pmu.h"

void ethosu_inference_begin(struct ethosu_driver *drv, void *user_arg)
{
	ARG_UNUSED(user_arg);
	ethos_u_pmu_count(drv, true);
}

void ethosu_inference_end(struct ethosu_driver *drv, void *user_arg)
{
	ARG_UNUSED(user_arg);
	ethos_u_pmu_count(drv, false);
}
