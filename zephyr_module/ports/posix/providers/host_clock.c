/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* Provider `host-clock`: what the operating system says about time. */

#define _POSIX_C_SOURCE 200809L

#include <time.h>

#include <zephyr/drivers/hwcnt.h>
#include <zephyr/sys/util.h>

#include "fixed.h"

#define NS_PER_S 1000000000U

static const struct hwcnt_counter counters[] = {
	{
		.name = "time",
		.unit = "ns",
		.description = "CLOCK_MONOTONIC",
		.kind = HWCNT_COUNT,
		.width = 64,
		.flags = HWCNT_FIXED | HWCNT_RUNNING,
		.max_per_cycle = 1,
	},
	{
		.name = "cpu-time",
		.unit = "ns",
		.description = "time this thread was running: CLOCK_THREAD_CPUTIME_ID",
		.kind = HWCNT_COUNT,
		.width = 64,
		.flags = HWCNT_FIXED | HWCNT_RUNNING,
		.max_per_cycle = 1,
	},
};

static const clockid_t clocks[] = {CLOCK_MONOTONIC, CLOCK_THREAD_CPUTIME_ID};

static const struct hwcnt_info info = {
	.compatible = "zephyr-counters,host-clock",
	.counters = counters,
	.num_counters = ARRAY_SIZE(counters),
};

static struct zc_fixed_selection selection;

static const struct hwcnt_info *host_clock_info(const struct device *dev)
{
	ARG_UNUSED(dev);
	return &info;
}

static uint64_t host_clock_hz(const struct device *dev)
{
	ARG_UNUSED(dev);
	return NS_PER_S;
}

static int host_clock_select(const struct device *dev, const uint16_t *selected, size_t num)
{
	ARG_UNUSED(dev);
	return zc_fixed_select(&selection, selected, num);
}

static void host_clock_read(const struct device *dev, uint64_t *values)
{
	ARG_UNUSED(dev);
	for (size_t i = 0; i < selection.num; i++) {
		struct timespec now;

		(void)clock_gettime(clocks[selection.counters[i]], &now);
		values[i] = (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
	}
}

static const struct hwcnt_driver_api api = {
	.info = host_clock_info,
	.clock_hz = host_clock_hz,
	.select = host_clock_select,
	.read = host_clock_read,
};

ZC_POSIX_PROVIDER("host-clock", &api, NULL, NULL);
