/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#define DT_DRV_COMPAT zephyr_kernel_cycles

#include <zephyr/drivers/hwcnt.h>
#include <zephyr/kernel.h>

#include "../common/constant.h"
#include "../common/fixed.h"
#include "../common/kernel_clock.h"

#define CYCLES_WIDTH (IS_ENABLED(CONFIG_TIMER_HAS_64BIT_CYCLE_COUNTER) ? 64 : 32)

static const struct hwcnt_counter counters[] = {
	{
		.name = "cycles",
		.unit = "cycles",
		.description = "cycles of the system timer's clock",
		.kind = HWCNT_COUNT,
		.width = CYCLES_WIDTH,
		.flags = HWCNT_FIXED | HWCNT_RUNNING,
		.max_per_cycle = 1,
	},
};

static const struct hwcnt_info info = {
	.compatible = "zephyr,kernel-cycles",
	.counters = counters,
	.num_counters = ARRAY_SIZE(counters),
	.num_slots = 0,
	.clock = KERNEL_CLOCK,
	.flags = KERNEL_FLAGS,
};

#ifdef CONFIG_TIMER_HAS_64BIT_CYCLE_COUNTER
static uint64_t read_cycles(void)
{
	return k_cycle_get_64();
}
#else
static uint64_t read_cycles(void)
{
	return k_cycle_get_32();
}
#endif

static uint64_t kernel_cycles_clock_hz(const struct device *dev)
{
	ARG_UNUSED(dev);
	return sys_clock_hw_cycles_per_sec();
}

static void kernel_cycles_read(const struct device *dev, uint64_t *values)
{
	const struct hwcnt_fixed_selection *selection = dev->data;

	if (selection->num > 0U) {
		values[0] = read_cycles();
	}
}

static DEVICE_API(hwcnt, kernel_cycles_api) = {
	.info = hwcnt_constant_info,
	.clock_hz = kernel_cycles_clock_hz,
	.select = hwcnt_fixed_select,
	.read = kernel_cycles_read,
};

#define KERNEL_CYCLES_DEFINE(inst)                                                                 \
	static struct hwcnt_fixed_selection selection_##inst;                                      \
	DEVICE_DT_INST_DEFINE(inst, NULL, NULL, &selection_##inst, &info, POST_KERNEL,             \
			      CONFIG_HWCNT_INIT_PRIORITY, &kernel_cycles_api);

DT_INST_FOREACH_STATUS_OKAY(KERNEL_CYCLES_DEFINE)
