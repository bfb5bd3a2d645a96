/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* One region with all counters that fit, straight from their drivers. */

#include <zephyr/drivers/hwcnt.h>
#include <zephyr/sys/util.h>

#include <zephyr_counters/port.h>

#include "demo.h"

/* A provider, and the part of `chosen` and of the values that is its. */
struct group {
	const struct device *dev;
	size_t first;
	size_t num;
};

static struct group groups[CONFIG_ZC_MAX_PROVIDERS];
static size_t num_groups;
static uint16_t chosen[CONFIG_ZC_MAX_SELECTED];
static uint64_t before[CONFIG_ZC_MAX_SELECTED];
static uint64_t after[CONFIG_ZC_MAX_SELECTED];
static uint64_t ticks;

/* In the order of the provider's table; opaque bytes are nothing to print. */
static size_t choose(const struct hwcnt_info *info, uint16_t *counters, size_t room)
{
	size_t slots = info->num_slots;
	size_t num = 0;

	for (uint16_t id = 0; id < info->num_counters && num < room; id++) {
		size_t needed = (info->counters[id].flags & HWCNT_FIXED) == 0U ? 1U : 0U;

		if (info->counters[id].kind != HWCNT_BYTES && needed <= slots) {
			slots -= needed;
			counters[num++] = id;
		}
	}
	return num;
}

static void say_unavailable(const struct device *dev, const char *why)
{
	demo_put("hwcnt:");
	demo_put(dev->name);
	demo_put(":unavailable:");
	demo_put(why);
	demo_put("\n");
}

void demo_counters_start(void)
{
	size_t first = 0;

	num_groups = 0;
	for (size_t i = 0; i < zc_port_num_providers() && num_groups < ARRAY_SIZE(groups); i++) {
		const struct device *dev = zc_port_provider(i);
		const char *unavailable = hwcnt_unavailable(dev);
		size_t num = choose(hwcnt_info(dev), &chosen[first], ARRAY_SIZE(chosen) - first);

		if (unavailable != NULL) {
			say_unavailable(dev, unavailable);
		} else if (num == 0U) {
			say_unavailable(dev, "no counter or no room");
		} else if (hwcnt_select(dev, &chosen[first], num) != 0) {
			say_unavailable(dev, "its driver refuses");
		} else {
			groups[num_groups++] = (struct group){dev, first, num};
			first += num;
		}
	}
}

static void read_values(uint64_t *values)
{
	for (const struct group *group = groups; group != &groups[num_groups]; group++) {
		hwcnt_read(group->dev, &values[group->first]);
	}
}

/* The clock is read first and last, so that no counter advances for longer than the ticks say. */
void demo_counters_begin(void)
{
	ticks = zc_port_clock();
	read_values(before);
}

uint64_t demo_counters_end(void)
{
	read_values(after);
	ticks = zc_port_clock() - ticks;
	return ticks;
}

/* A counter of unknown speed is assumed to advance once per cycle. */
static bool may_have_wrapped(const struct device *dev, const struct hwcnt_counter *counter)
{
	double seconds = (double)ticks / (double)zc_port_clock_hz();
	uint64_t hz = hwcnt_clock_hz(dev) != 0U ? hwcnt_clock_hz(dev) : zc_port_clock_hz();
	double most = seconds * (double)hz * (double)MAX(counter->max_per_cycle, 1U);

	return counter->width < 64U && most >= (double)(1ULL << counter->width);
}

static void show(const struct device *dev, const struct hwcnt_counter *counter, size_t index)
{
	uint64_t value = after[index];
	const char *doubt = "";

	if (counter->kind == HWCNT_COUNT) {
		value = (value - before[index]) & (UINT64_MAX >> (64U - counter->width));
		if (value == 0U && (counter->flags & HWCNT_RUNNING) != 0U) {
			doubt = ":stuck";
		} else if (may_have_wrapped(dev, counter)) {
			doubt = ":wrapped";
		}
	}
	demo_put("hwcnt:");
	demo_put(dev->name);
	demo_put(":");
	demo_put(counter->name);
	demo_put(":");
	demo_put_number(value);
	demo_put(":");
	demo_put(counter->unit);
	demo_put(doubt);
	demo_put("\n");
}

void demo_counters_show(void)
{
	for (const struct group *group = groups; group != &groups[num_groups]; group++) {
		const struct hwcnt_counter *counters = hwcnt_info(group->dev)->counters;

		for (size_t i = group->first; i < group->first + group->num; i++) {
			show(group->dev, &counters[chosen[i]], i);
		}
		(void)hwcnt_select(group->dev, NULL, 0);
	}
}
