/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * Provider `host-clock`: the clocks of the machine that the firmware runs on as a process. Under
 * native_sim simulated time stands still while code computes, so the kernel's clock says nothing
 * about how long that takes; these do.
 */

#include "host_clock.h"

#include <zephyr/sys/util.h>

#include "../common/constant.h"
#include "clocks.h"

#define TIME_COUNTER(name_, description_)                                                          \
	{                                                                                          \
		.name = name_, .unit = "ns", .description = description_, .kind = HWCNT_COUNT,     \
		.width = 64, .flags = HWCNT_FIXED | HWCNT_RUNNING, .max_per_cycle = 1,             \
	}

static const struct hwcnt_counter counters[] = {
	TIME_COUNTER("time", "CLOCK_MONOTONIC"),
	TIME_COUNTER("cpu-time", "time this thread was running: CLOCK_THREAD_CPUTIME_ID"),
};

/* In the same order. */
static uint64_t (*const readers[])(void) = {host_clock_time_ns, host_clock_thread_ns};

const struct hwcnt_info host_clock_info = {
	.compatible = "zephyr-counters,host-clock",
	.counters = counters,
	.num_counters = ARRAY_SIZE(counters),
	.clock = HWCNT_CLOCK_HOST,
};

static uint64_t clock_hz(const struct device *dev)
{
	ARG_UNUSED(dev);
	return 1000000000U;
}

static void read_counters(const struct device *dev, uint64_t *values)
{
	const struct hwcnt_fixed_selection *selection = dev->data;

	for (size_t i = 0; i < selection->num; i++) {
		values[i] = readers[selection->counters[i]]();
	}
}

DEVICE_API(hwcnt, host_clock_api) = {
	.info = hwcnt_constant_info,
	.clock_hz = clock_hz,
	.select = hwcnt_fixed_select,
	.read = read_counters,
};
