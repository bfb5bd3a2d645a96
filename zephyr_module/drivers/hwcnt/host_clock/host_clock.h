/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* The driver, for its registration on Zephyr and on posix. */

#ifndef DRIVERS_HWCNT_HOST_CLOCK_HOST_CLOCK_H_
#define DRIVERS_HWCNT_HOST_CLOCK_HOST_CLOCK_H_

#include <zephyr/drivers/hwcnt.h>

#include "../common/fixed.h"

/** The device's config; its data is a struct hwcnt_fixed_selection. */
extern const struct hwcnt_info host_clock_info;

extern const struct hwcnt_driver_api host_clock_api;

#endif /* DRIVERS_HWCNT_HOST_CLOCK_HOST_CLOCK_H_ */
