/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* One region with all counters that fit, shown as text. */

#include <zephyr_counters/counters.h>
#include <zephyr_counters/error.h>
#include <zephyr_counters/standalone.h>

#include "console.h"
#include "counters.h"

static void show_refused(const struct device *dev, const char *why)
{
	demo_put("hwcnt:");
	demo_put(dev->name);
	demo_put(":unavailable:");
	demo_put(why);
	demo_put("\n");
}

void demo_counters_begin(void)
{
	if (zc_counters_select_all(show_refused) != 0) {
		demo_put(zc_error_text());
		demo_put("\n");
	}
	(void)zc_counters_begin(0, ZC_ORIGIN_USER, 0);
}

uint64_t demo_counters_end(void)
{
	uint64_t ticks = 0;

	(void)zc_counters_end(0, &ticks);
	return ticks;
}

static void show(const struct zc_region_value *value)
{
	demo_put("hwcnt:");
	demo_put(value->provider->name);
	demo_put(":");
	demo_put(value->counter->name);
	demo_put(":");
	demo_put_number(value->value);
	demo_put(":");
	demo_put(value->counter->unit);
	if (value->stuck) {
		demo_put(":stuck");
	} else if (value->wrapped) {
		demo_put(":wrapped");
	}
	demo_put("\n");
}

void demo_counters_show(void)
{
	zc_counters_show_last(show);
	/* Selects nothing, so that nothing counts until the next inference. */
	(void)zc_counters_init();
}
