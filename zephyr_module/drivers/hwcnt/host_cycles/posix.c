/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * Provider `host-cycles`: the counter of the processor that user space may read. It counts at one
 * rate whatever the core's frequency is, which is what makes it comparable from layer to layer.
 */

#define _POSIX_C_SOURCE 200809L

#include <zephyr/drivers/hwcnt.h>
#include <zephyr/sys/util.h>

#include "../common/constant.h"
#include "../common/fixed.h"
#include "host_cycles.h"

static const struct hwcnt_counter counters[] = {
	{
		.name = "cycles",
		.unit = "cycles",
		.description = ZC_HOST_CYCLES_DESCRIPTION,
		.kind = HWCNT_COUNT,
		.width = 64,
		.flags = HWCNT_FIXED | HWCNT_RUNNING,
		.max_per_cycle = 1,
	},
};

static const struct hwcnt_info info = {
	.compatible = "zephyr-counters,host-cycles",
	.counters = counters,
	.num_counters = ARRAY_SIZE(counters),
	/* The time stamp counter of a processor whose cores change their frequency. */
	.clock = HWCNT_CLOCK_HOST,
};

/* Found once, so that the catalog stays what it is. */
static uint64_t host_cycles_clock_hz(const struct device *dev)
{
	static uint64_t hz;

	ARG_UNUSED(dev);
	if (hz == 0 && zc_host_cycles_unavailable() == NULL) {
		hz = zc_host_cycles_hz();
	}
	return hz;
}

static const char *host_cycles_unavailable(const struct device *dev)
{
	ARG_UNUSED(dev);
	return zc_host_cycles_unavailable();
}

static void host_cycles_read(const struct device *dev, uint64_t *values)
{
	const struct hwcnt_fixed_selection *selection = dev->data;

	if (selection->num > 0) {
		values[0] = zc_host_cycles();
	}
}

static DEVICE_API(hwcnt, api) = {
	.info = hwcnt_constant_info,
	.clock_hz = host_cycles_clock_hz,
	.unavailable = host_cycles_unavailable,
	.select = hwcnt_fixed_select,
	.read = host_cycles_read,
};

static struct hwcnt_fixed_selection selection;

ZC_POSIX_PROVIDER("host-cycles", &api, &info, &selection);
