/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#define DT_DRV_COMPAT zephyr_kernel_cycles

#include <zephyr/drivers/hwcnt.h>
#include <zephyr/kernel.h>

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
};

struct kernel_cycles_data {
	bool is_selected;
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

static const struct hwcnt_info *kernel_cycles_info(const struct device *dev)
{
	ARG_UNUSED(dev);
	return &info;
}

static uint64_t kernel_cycles_clock_hz(const struct device *dev)
{
	ARG_UNUSED(dev);
	return sys_clock_hw_cycles_per_sec();
}

static int kernel_cycles_select(const struct device *dev, const uint16_t *selected, size_t num)
{
	struct kernel_cycles_data *data = dev->data;

	ARG_UNUSED(selected);
	data->is_selected = num > 0U;
	return 0;
}

static void kernel_cycles_read(const struct device *dev, uint64_t *values)
{
	const struct kernel_cycles_data *data = dev->data;

	if (data->is_selected) {
		values[0] = read_cycles();
	}
}

static DEVICE_API(hwcnt, kernel_cycles_api) = {
	.info = kernel_cycles_info,
	.clock_hz = kernel_cycles_clock_hz,
	.select = kernel_cycles_select,
	.read = kernel_cycles_read,
};

#define KERNEL_CYCLES_DEFINE(inst)                                                                 \
	static struct kernel_cycles_data kernel_cycles_data_##inst;                                \
	DEVICE_DT_INST_DEFINE(inst, NULL, NULL, &kernel_cycles_data_##inst, NULL, POST_KERNEL,     \
			      CONFIG_HWCNT_INIT_PRIORITY, &kernel_cycles_api);

DT_INST_FOREACH_STATUS_OKAY(KERNEL_CYCLES_DEFINE)
