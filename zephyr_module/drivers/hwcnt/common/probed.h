/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* For drivers that find out when they start which counters there are. */

#ifndef DRIVERS_HWCNT_COMMON_PROBED_H_
#define DRIVERS_HWCNT_COMMON_PROBED_H_

#include <zephyr/devicetree.h>
#include <zephyr/drivers/hwcnt.h>

/** What a driver finds when it starts; the first member of its data. */
struct hwcnt_probed {
	/** The counters that this hardware has. */
	struct hwcnt_info info;
	/** Why they cannot be read, or NULL. */
	const char *unavailable;
};

/** @brief hwcnt_driver_api.info */
static inline const struct hwcnt_info *hwcnt_probed_info(const struct device *dev)
{
	return &((const struct hwcnt_probed *)dev->data)->info;
}

/** @brief hwcnt_driver_api.unavailable */
static inline const char *hwcnt_probed_unavailable(const struct device *dev)
{
	return ((const struct hwcnt_probed *)dev->data)->unavailable;
}

/** @brief hwcnt_driver_api.clock_hz of counters of the CPU: its node's clock-frequency, or 0. */
static inline uint64_t hwcnt_cpu_clock_hz(const struct device *dev)
{
	ARG_UNUSED(dev);
	return DT_PROP_OR(DT_PATH(cpus, cpu_0), clock_frequency, 0);
}

#endif /* DRIVERS_HWCNT_COMMON_PROBED_H_ */
