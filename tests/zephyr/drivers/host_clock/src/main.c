/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <zephyr/drivers/hwcnt.h>
#include <zephyr/kernel.h>
#include <zephyr/ztest.h>

enum {
	TIME,
	CPU_TIME,
	NUM_COUNTERS,
};

static const struct device *const dev = DEVICE_DT_GET(DT_NODELABEL(host_clock));

ZTEST_SUITE(host_clock, NULL, NULL, NULL, NULL, NULL);

ZTEST(host_clock, test_info)
{
	zassert_true(DEVICE_API_IS(hwcnt, dev));
	zassert_equal(hwcnt_info(dev)->num_counters, NUM_COUNTERS);
	zassert_equal(hwcnt_clock_hz(dev), NSEC_PER_SEC);
	for (int i = 0; i < NUM_COUNTERS; i++) {
		/* Nanoseconds that do not wrap in 500 years. */
		zassert_equal(hwcnt_info(dev)->counters[i].width, 64);
	}
}

ZTEST(host_clock, test_bad_selections)
{
	static const uint16_t twice[] = {TIME, TIME};
	static const uint16_t unknown[] = {NUM_COUNTERS};

	zassert_equal(hwcnt_select(dev, dev, twice, 2), -EINVAL);
	zassert_equal(hwcnt_select(dev, dev, unknown, 1), -EINVAL);
}

/* Simulated time stands still here, and the kernel's clock with it. */
ZTEST(host_clock, test_computing_takes_time)
{
	static const uint16_t selected[] = {CPU_TIME, TIME};
	int64_t uptime = k_uptime_ticks();
	uint64_t before[2];
	uint64_t after[2];
	volatile uint32_t sum = 0;

	zassert_ok(hwcnt_select(dev, dev, selected, 2));
	hwcnt_read(dev, before);
	for (uint32_t i = 0; i < 1000000U; i++) {
		sum += i;
	}
	hwcnt_read(dev, after);
	zassert_true(after[0] - before[0] > 10000U);
	zassert_true(after[1] - before[1] > 10000U);
	zassert_equal(k_uptime_ticks(), uptime);
}
