/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * The clocks of the host under native_sim. Simulated time stands still while code computes, so the
 * kernel's clock says nothing about how long that takes; these do. The same counters as the
 * provider of this name in ports/posix.
 */

#define DT_DRV_COMPAT zephyr_counters_host_clock

#include <zephyr/drivers/hwcnt.h>
#include <zephyr/kernel.h>

#include "arch/native/host_clock_host.h"

#define TIME_COUNTER(name_, description_)                                                          \
	{                                                                                          \
		.name = name_, .unit = "ns", .description = description_, .kind = HWCNT_COUNT,     \
		.width = 64, .flags = HWCNT_FIXED | HWCNT_RUNNING, .max_per_cycle = 1,             \
	}

static const struct hwcnt_counter clock_counters[] = {
	TIME_COUNTER("time", "CLOCK_MONOTONIC"),
	TIME_COUNTER("cpu-time", "time this thread was running: CLOCK_THREAD_CPUTIME_ID"),
};

/* In the same order. */
static uint64_t (*const readers[])(void) = {host_clock_time_ns, host_clock_thread_ns};

static const struct hwcnt_info clock_constant_info = {
	.compatible = "zephyr-counters,host-clock",
	.counters = clock_counters,
	.num_counters = ARRAY_SIZE(clock_counters),
};

struct clock_data {
	uint8_t num_selected;
	uint64_t (*selected[ARRAY_SIZE(readers)])(void);
};

static const struct hwcnt_info *clock_info(const struct device *dev)
{
	ARG_UNUSED(dev);
	return &clock_constant_info;
}

static uint64_t clock_hz(const struct device *dev)
{
	ARG_UNUSED(dev);
	return NSEC_PER_SEC;
}

static int clock_select(const struct device *dev, const uint16_t *counters, size_t num)
{
	struct clock_data *data = dev->data;

	for (size_t i = 0; i < num; i++) {
		data->selected[i] = readers[counters[i]];
	}
	data->num_selected = (uint8_t)num;
	return 0;
}

static void clock_read(const struct device *dev, uint64_t *values)
{
	const struct clock_data *data = dev->data;

	for (uint32_t i = 0; i < data->num_selected; i++) {
		values[i] = data->selected[i]();
	}
}

static DEVICE_API(hwcnt, clock_api) = {
	.info = clock_info,
	.clock_hz = clock_hz,
	.select = clock_select,
	.read = clock_read,
};

#define CLOCK_DEFINE(inst)                                                                         \
	static struct clock_data clock_data_##inst;                                                \
	DEVICE_DT_INST_DEFINE(inst, NULL, NULL, &clock_data_##inst, NULL, POST_KERNEL,             \
			      CONFIG_HWCNT_INIT_PRIORITY, &clock_api);

DT_INST_FOREACH_STATUS_OKAY(CLOCK_DEFINE)
