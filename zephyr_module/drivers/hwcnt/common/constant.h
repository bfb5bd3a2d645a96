/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* For drivers whose counters are constant data: the device's config begins with struct hwcnt_info.
 */

#ifndef DRIVERS_HWCNT_COMMON_CONSTANT_H_
#define DRIVERS_HWCNT_COMMON_CONSTANT_H_

#include <zephyr/drivers/hwcnt.h>
#include <zephyr/sys/util.h>

/** @brief hwcnt_driver_api.info */
static inline const struct hwcnt_info *hwcnt_constant_info(const struct device *dev)
{
	return dev->config;
}

/** @brief hwcnt_driver_api.clock_hz of counters that count no cycles. */
static inline uint64_t hwcnt_no_clock_hz(const struct device *dev)
{
	ARG_UNUSED(dev);
	return 0;
}

#endif /* DRIVERS_HWCNT_COMMON_CONSTANT_H_ */
