/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * Provider `perf-event`: the processor's PMU as Linux lends it to this thread, user mode only.
 *
 * One pinned group: the kernel counts all of it all the time or none of it, never shares counters
 * out by time. `not-counting` says when it did not, so that a frozen value is not taken for a zero.
 */

#include <zephyr/drivers/hwcnt.h>
#include <zephyr/sys/util.h>

#include "../common/constant.h"
#include "perf_group.h"

#define HARDWARE(name_, unit_, flags_, config_)                                                    \
	{                                                                                          \
		{.name = name_,                                                                    \
		 .unit = unit_,                                                                    \
		 .description = "perf_event_open " #config_,                                       \
		 .kind = HWCNT_COUNT,                                                              \
		 .width = 64,                                                                      \
		 .flags = flags_},                                                                 \
		{                                                                                  \
			PERF_TYPE_HARDWARE, config_                                                \
		}                                                                                  \
	}

static const struct {
	struct hwcnt_counter counter;
	struct zc_perf_event event;
} events[] = {
	HARDWARE("cycles", "cycles", HWCNT_RUNNING, PERF_COUNT_HW_CPU_CYCLES),
	HARDWARE("instructions", "instructions", HWCNT_RUNNING, PERF_COUNT_HW_INSTRUCTIONS),
	HARDWARE("cache-references", "accesses", 0, PERF_COUNT_HW_CACHE_REFERENCES),
	HARDWARE("cache-misses", "accesses", 0, PERF_COUNT_HW_CACHE_MISSES),
	HARDWARE("branches", "instructions", 0, PERF_COUNT_HW_BRANCH_INSTRUCTIONS),
	HARDWARE("branch-misses", "instructions", 0, PERF_COUNT_HW_BRANCH_MISSES),
	HARDWARE("stalled-cycles-frontend", "cycles", 0, PERF_COUNT_HW_STALLED_CYCLES_FRONTEND),
	HARDWARE("stalled-cycles-backend", "cycles", 0, PERF_COUNT_HW_STALLED_CYCLES_BACKEND),
	HARDWARE("reference-cycles", "cycles", 0, PERF_COUNT_HW_REF_CPU_CYCLES),
};

static const struct hwcnt_counter not_counting = {
	.name = "not-counting",
	.unit = "ns",
	.description = "time in which the kernel did not count the others; should be 0",
	.kind = HWCNT_COUNT,
	.width = 64,
	.flags = HWCNT_FIXED,
};

/* The events that can be opened here, all if none can, then not_counting. */
static struct hwcnt_counter counters[ARRAY_SIZE(events) + 1];
static struct zc_perf_event available[ARRAY_SIZE(events)];
static uint16_t num_events;

static struct hwcnt_info info = {
	.compatible = "zephyr-counters,perf-event",
	.counters = counters,
	.clock = HWCNT_CLOCK_CORE,
};

static char reason[128];

/* What was selected, and where in the group's values it is. */
static uint16_t order[ARRAY_SIZE(counters)];
static size_t num_selected;
static struct zc_perf_group group = {.leader = -1};

static void add_event(size_t index)
{
	counters[num_events] = events[index].counter;
	available[num_events] = events[index].event;
	num_events++;
}

/* What opens alone, then how many of that open together. */
static void probe(void)
{
	int err = 0;
	int slots;

	for (size_t i = 0; i < ARRAY_SIZE(events); i++) {
		int result = zc_perf_group_open(&group, &events[i].event, 1);

		if (result == 0) {
			add_event(i);
		} else if (err == 0) {
			err = result;
		}
		zc_perf_group_close(&group);
	}
	if (num_events == 0) {
		zc_perf_explain(err, reason, sizeof(reason));
		for (size_t i = 0; i < ARRAY_SIZE(events); i++) {
			add_event(i);
		}
	}
	for (slots = reason[0] == '\0' ? num_events : 0; slots > 0; slots--) {
		err = zc_perf_group_open(&group, available, (size_t)slots);
		zc_perf_group_close(&group);
		if (err == 0) {
			break;
		}
	}
	counters[num_events] = not_counting;
	info.num_counters = (uint16_t)(num_events + 1U);
	info.num_slots = (uint8_t)slots;
}

static const struct hwcnt_info *perf_event_info(const struct device *dev)
{
	ARG_UNUSED(dev);
	if (info.num_counters == 0) {
		probe();
	}
	return &info;
}

static const char *perf_event_unavailable(const struct device *dev)
{
	(void)perf_event_info(dev);
	return reason[0] == '\0' ? NULL : reason;
}

static int perf_event_select(const struct device *dev, const uint16_t *selected, size_t num)
{
	struct zc_perf_event chosen[ARRAY_SIZE(events)];
	size_t num_chosen = 0;

	(void)perf_event_info(dev);
	zc_perf_group_close(&group);
	num_selected = 0;
	for (size_t i = 0; i < num; i++) {
		order[i] = ZC_PERF_NOT_COUNTING;
		if (selected[i] < num_events) {
			order[i] = (uint16_t)(ZC_PERF_EVENTS + num_chosen);
			chosen[num_chosen++] = available[selected[i]];
		}
	}
	if (num_chosen > 0) {
		int err = zc_perf_group_open(&group, chosen, num_chosen);

		if (err == 0) {
			err = zc_perf_group_start(&group);
		}
		if (err != 0) {
			zc_perf_group_close(&group);
			return err;
		}
	}
	num_selected = num;
	return 0;
}

static void perf_event_read(const struct device *dev, uint64_t *values)
{
	ARG_UNUSED(dev);
	zc_perf_group_read(&group);
	for (size_t i = 0; i < num_selected; i++) {
		values[i] = group.values[order[i]];
	}
}

static DEVICE_API(hwcnt, api) = {
	.info = perf_event_info,
	.clock_hz = hwcnt_no_clock_hz,
	.unavailable = perf_event_unavailable,
	.select = perf_event_select,
	.read = perf_event_read,
};

ZC_POSIX_PROVIDER("perf-event", &api, NULL, NULL);
