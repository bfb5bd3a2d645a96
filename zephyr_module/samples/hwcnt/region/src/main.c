/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <inttypes.h>

#include <zephyr/drivers/hwcnt.h>
#include <zephyr/kernel.h>
#include <zephyr/logging/log.h>

LOG_MODULE_REGISTER(region, LOG_LEVEL_INF);

#define MAX_SELECTED 8

static void region_to_measure(void)
{
	volatile uint32_t sum = 0;

	for (uint32_t i = 0; i < 10000U; i++) {
		sum += i;
	}
	/* On native_sim time only passes in here. */
	k_busy_wait(100);
}

/* As many counters as can be selected together, in the order of the provider's table. */
static size_t choose(const struct hwcnt_info *info, uint16_t *chosen)
{
	size_t free_slots = info->num_slots;
	size_t num = 0;

	for (uint16_t i = 0; i < info->num_counters && num < MAX_SELECTED; i++) {
		const struct hwcnt_counter *counter = &info->counters[i];

		if (counter->kind == HWCNT_BYTES) {
			continue;
		}
		if ((counter->flags & HWCNT_FIXED) == 0U) {
			if (free_slots == 0U) {
				continue;
			}
			free_slots--;
		}
		chosen[num++] = i;
	}
	return num;
}

static size_t measure(const struct device *dev)
{
	const struct hwcnt_info *info = hwcnt_info(dev);
	uint16_t chosen[MAX_SELECTED];
	uint64_t before[MAX_SELECTED];
	uint64_t after[MAX_SELECTED];
	size_t num = choose(info, chosen);
	int err;

	if (hwcnt_unavailable(dev) != NULL) {
		LOG_WRN("%s: %s", dev->name, hwcnt_unavailable(dev));
		return 0;
	}
	err = hwcnt_select(dev, dev, chosen, num);
	if (err != 0) {
		LOG_ERR("%s: cannot select its counters (%d)", dev->name, err);
		return 0;
	}

	hwcnt_read(dev, before);
	region_to_measure();
	hwcnt_read(dev, after);

	for (size_t i = 0; i < num; i++) {
		const struct hwcnt_counter *counter = &info->counters[chosen[i]];
		uint64_t value = after[i];

		if (counter->kind == HWCNT_COUNT) {
			value = (after[i] - before[i]) & (UINT64_MAX >> (64U - counter->width));
		}
		LOG_INF("%s.%s: %" PRIu64 " %s", dev->name, counter->name, value, counter->unit);
	}
	(void)hwcnt_select(dev, dev, NULL, 0);
	return num;
}

int main(void)
{
	size_t num = 0;

	STRUCT_SECTION_FOREACH(device, dev) {
		if (DEVICE_API_IS(hwcnt, dev) && device_is_ready(dev)) {
			num += measure(dev);
		}
	}
	LOG_INF("measured %zu counters", num);
	return 0;
}
