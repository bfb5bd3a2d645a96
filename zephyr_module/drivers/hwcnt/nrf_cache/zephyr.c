/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * Profiling counters of Nordic's CACHE peripheral. Registers are those of the nRF5340 Product
 * Specification, section "CACHE - Instruction/data cache", and of the nRF54L15 Datasheet, section
 * "ICACHE"; both also in the device's SVD file in hal_nordic.
 */

#define DT_DRV_COMPAT nordic_nrf_cache

#include <zephyr/drivers/hwcnt.h>
#include <zephyr/kernel.h>
#include <zephyr/sys/sys_io.h>

#include "../common/constant.h"

#define CACHE_COUNTER(name_, description_)                                                         \
	{                                                                                          \
		.name = name_, .unit = "1", .description = description_, .kind = HWCNT_COUNT,      \
		.width = 32, .flags = HWCNT_FIXED, .max_per_cycle = 1,                             \
	}

#define MAX_COUNTERS 8

/* What differs between the devices; a device tree has one of them. */
struct cache_layout {
	struct hwcnt_info info;
	uint16_t enable;
	uint16_t clear;
	uint16_t counter[MAX_COUNTERS];
};

static const struct hwcnt_counter per_region_counters[] = {
	CACHE_COUNTER("flash-instruction-hits", "instruction fetches from flash that hit"),
	CACHE_COUNTER("flash-instruction-misses", "instruction fetches from flash that missed"),
	CACHE_COUNTER("flash-data-hits", "data reads from flash that hit"),
	CACHE_COUNTER("flash-data-misses", "data reads from flash that missed"),
	CACHE_COUNTER("xip-instruction-hits", "instruction fetches from QSPI flash that hit"),
	CACHE_COUNTER("xip-instruction-misses", "instruction fetches from QSPI flash that missed"),
	CACHE_COUNTER("xip-data-hits", "data reads from QSPI flash that hit"),
	CACHE_COUNTER("xip-data-misses", "data reads from QSPI flash that missed"),
};

/* nRF5340: PROFILING[0] is flash, PROFILING[1] XIP; each IHIT, IMISS, DHIT, DMISS. */
static const struct cache_layout per_region __maybe_unused = {
	.info =
		{
			.compatible = "nordic,nrf-cache",
			.counters = per_region_counters,
			.num_counters = ARRAY_SIZE(per_region_counters),
		},
	/* PROFILINGENABLE and PROFILINGCLEAR */
	.enable = 0x50c,
	.clear = 0x510,
	.counter = {0x400, 0x404, 0x408, 0x40c, 0x420, 0x424, 0x428, 0x42c},
};

static const struct hwcnt_counter whole_counters[] = {
	CACHE_COUNTER("hits", "accesses that hit"),
	CACHE_COUNTER("misses", "accesses that missed"),
};

/* nRF54L: PROFILING.ENABLE, CLEAR, HIT, MISS from 0x414 on. */
static const struct cache_layout whole __maybe_unused = {
	.info =
		{
			.compatible = "nordic,nrf-cache",
			.counters = whole_counters,
			.num_counters = ARRAY_SIZE(whole_counters),
		},
	.enable = 0x414,
	.clear = 0x418,
	.counter = {0x41c, 0x420},
};

struct cache_config {
	mem_addr_t base;
	const struct cache_layout *layout;
};

struct cache_data {
	uint8_t num_selected;
	mem_addr_t selected[MAX_COUNTERS];
};

static const struct hwcnt_info *cache_info(const struct device *dev)
{
	const struct cache_config *config = dev->config;

	return &config->layout->info;
}

static int cache_select(const struct device *dev, const uint16_t *counters, size_t num)
{
	const struct cache_config *config = dev->config;
	struct cache_data *data = dev->data;
	uint32_t enable = num > 0U ? 1U : 0U;

	for (size_t i = 0; i < num; i++) {
		data->selected[i] = config->base + config->layout->counter[counters[i]];
	}
	data->num_selected = (uint8_t)num;

	sys_write32(1U, config->base + config->layout->clear);
	sys_write32(enable, config->base + config->layout->enable);
	return sys_read32(config->base + config->layout->enable) == enable ? 0 : -EIO;
}

static void cache_read(const struct device *dev, uint64_t *values)
{
	const struct cache_data *data = dev->data;

	for (uint32_t i = 0; i < data->num_selected; i++) {
		values[i] = sys_read32(data->selected[i]);
	}
}

static DEVICE_API(hwcnt, cache_api) = {
	.info = cache_info,
	/* None counts cycles, but none advances more than once in a cycle either. */
	.clock_hz = hwcnt_no_clock_hz,
	.select = cache_select,
	.read = cache_read,
};

#define CACHE_DEFINE(inst)                                                                         \
	static struct cache_data cache_data_##inst;                                                \
	static const struct cache_config cache_config_##inst = {                                   \
		.base = DT_INST_REG_ADDR(inst),                                                    \
		.layout = &DT_INST_STRING_TOKEN(inst, counters),                                   \
	};                                                                                         \
	DEVICE_DT_INST_DEFINE(inst, NULL, NULL, &cache_data_##inst, &cache_config_##inst,          \
			      POST_KERNEL, CONFIG_HWCNT_INIT_PRIORITY, &cache_api);

DT_INST_FOREACH_STATUS_OKAY(CACHE_DEFINE)
