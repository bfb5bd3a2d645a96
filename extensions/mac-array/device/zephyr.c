/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* Registration with Zephyr's device model, which finds a class by where its API lies. */

#define DT_DRV_COMPAT zephyr_counters_mac_array

#include <zephyr/drivers/hwcnt.h>
#include <zephyr/kernel.h>

#include "mac_array.h"

BUILD_ASSERT(DT_NUM_INST_STATUS_OKAY(DT_DRV_COMPAT) == 1,
	     "generated kernels know one array: enable one zephyr-counters,mac-array node");

static const struct hwcnt_info *info(const struct device *dev)
{
	return mac_array_api.info(dev);
}

static uint64_t clock_hz(const struct device *dev)
{
	return mac_array_api.clock_hz(dev);
}

static const char *unavailable(const struct device *dev)
{
	return mac_array_api.unavailable(dev);
}

static int select_counters(const struct device *dev, const uint16_t *counters, size_t num)
{
	return mac_array_api.select(dev, counters, num);
}

static void read_counters(const struct device *dev, uint64_t *values)
{
	mac_array_api.read(dev, values);
}

static int drain(const struct device *dev, uint16_t counter, uint8_t *buf, size_t size)
{
	return mac_array_api.drain(dev, counter, buf, size);
}

static DEVICE_API(hwcnt, api) = {
	.info = info,
	.clock_hz = clock_hz,
	.unavailable = unavailable,
	.select = select_counters,
	.read = read_counters,
	.drain = drain,
};

DEVICE_DT_INST_DEFINE(0, NULL, NULL, NULL, NULL, POST_KERNEL, CONFIG_HWCNT_INIT_PRIORITY, &api);
