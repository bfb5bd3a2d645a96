/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* The device of Zephyr's class `counter` that is the devicetree's chosen zephyr-counters,clock. */

#include <errno.h>

#include <zephyr/devicetree.h>
#include <zephyr/drivers/counter.h>
#include <zephyr/sys/util.h>

#include "clock.h"

#define CLOCK_NODE DT_CHOSEN(zephyr_counters_clock)

static const struct device *const counter = DEVICE_DT_GET(CLOCK_NODE);

static int start(void)
{
	if (!device_is_ready(counter)) {
		return -ENODEV;
	}
	if (!counter_is_counting_up(counter) || counter_get_top_value(counter) != UINT32_MAX) {
		return -ENOTSUP;
	}
	return counter_start(counter);
}

static zc_word read(void)
{
	uint32_t value = 0;

	(void)counter_get_value(counter, &value);
	return value;
}

static uint64_t counter_hz(void)
{
	return counter_get_frequency(counter);
}

const struct zc_clock_source zc_clock_chosen = {
	.name = DEVICE_DT_NAME(CLOCK_NODE),
	.replacement = "kernel, as " DEVICE_DT_NAME(CLOCK_NODE) " does not count",
	.kind = HWCNT_CLOCK_TIMER,
	.start = start,
	.read = read,
	.hz = counter_hz,
};
