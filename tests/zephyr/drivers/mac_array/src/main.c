/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <zephyr/drivers/hwcnt.h>
#include <zephyr/kernel.h>
#include <zephyr/ztest.h>

#include <zephyr_counters/error.h>

#include <mac_array_bus.h>

#include "mac_array_job.h"

enum {
	JOBS,
	BUSY_CYCLES,
	STALL_CYCLES,
	MACS,
	BYTES_IN,
	BYTES_OUT,
	TILES,
	JOB_LOG,
	NUM_COUNTERS,
};

static const struct device *const dev = DEVICE_DT_GET(DT_NODELABEL(mac_array));

static void reset(void *fixture)
{
	ARG_UNUSED(fixture);
	(void)zc_kernel_take_failure();
	zassert_ok(hwcnt_select(dev, dev, NULL, 0));
}

ZTEST_SUITE(mac_array, NULL, NULL, reset, NULL, NULL);

ZTEST(mac_array, test_provider_is_found_by_class)
{
	zassert_true(device_is_ready(dev));
	zassert_true(DEVICE_API_IS(hwcnt, dev));
	zassert_is_null(hwcnt_unavailable(dev));
	zassert_equal(hwcnt_info(dev)->num_counters, NUM_COUNTERS);
	zassert_equal(hwcnt_info(dev)->num_slots, 4);
	zassert_str_equal(hwcnt_info(dev)->compatible, "zephyr-counters,mac-array");
}

/* The expected numbers are what ports/posix gives for this job. MACs and bytes out follow from its
 * shape: 2 * 6 * 10 * 24 * 3 * 3 * 8, and 2 * 6 * 10 * 24.
 */
ZTEST(mac_array, test_numbers_are_those_of_posix)
{
	static const uint16_t selected[] = {JOBS, BUSY_CYCLES, STALL_CYCLES,
					    MACS, BYTES_IN,    BYTES_OUT};
	static const uint64_t expected[] = {1, 4128, 888, 207360, 3936, 2880};
	uint64_t before[ARRAY_SIZE(selected)];
	uint64_t after[ARRAY_SIZE(selected)];

	zassert_ok(hwcnt_select(dev, dev, selected, ARRAY_SIZE(selected)));
	for (int again = 0; again < 2; again++) {
		hwcnt_read(dev, before);
		zassert_ok(run_job());
		hwcnt_read(dev, after);
		for (size_t i = 0; i < ARRAY_SIZE(selected); i++) {
			zassert_equal((after[i] - before[i]) & BIT64_MASK(32), expected[i], "%s",
				      hwcnt_info(dev)->counters[selected[i]].name);
		}
		zassert_equal(output_sum(), 0xcb356b2b);
	}
}

ZTEST(mac_array, test_slots)
{
	static const uint16_t five[] = {STALL_CYCLES, MACS, BYTES_IN, BYTES_OUT, TILES};
	static const uint16_t tiles[] = {TILES};
	uint64_t before;
	uint64_t after;

	zassert_equal(hwcnt_select(dev, dev, five, ARRAY_SIZE(five)), -ENOSPC);
	zassert_ok(hwcnt_select(dev, dev, tiles, 1));
	hwcnt_read(dev, &before);
	zassert_ok(run_job());
	hwcnt_read(dev, &after);
	zassert_equal((after - before) & BIT64_MASK(32), 45);
}

ZTEST(mac_array, test_bad_selections)
{
	static const uint16_t twice[] = {JOBS, JOBS};
	static const uint16_t unknown[] = {NUM_COUNTERS};

	zassert_equal(hwcnt_select(dev, dev, twice, 2), -EINVAL);
	zassert_equal(hwcnt_select(dev, dev, unknown, 1), -EINVAL);
}

ZTEST(mac_array, test_wraps_at_the_width)
{
	static const uint16_t selected[] = {MACS, JOBS};
	const struct hwcnt_info *info = hwcnt_info(dev);
	uint64_t before[2];
	uint64_t after[2];

	zassert_equal(info->counters[MACS].width, 32);
	zassert_equal(info->counters[JOB_LOG].width, 0);
	zassert_ok(hwcnt_select(dev, dev, selected, 2));
	mac_array_bus_write(MAC_ARRAY_COUNT(0), UINT32_MAX);
	hwcnt_read(dev, before);
	zassert_equal(before[0], UINT32_MAX);
	zassert_ok(run_job());
	hwcnt_read(dev, after);
	zassert_equal(after[0], 207360 - 1);
	zassert_equal((after[0] - before[0]) & BIT64_MASK(32), 207360);
}

ZTEST(mac_array, test_job_log_is_drained)
{
	static const uint16_t log[] = {JOB_LOG};
	uint8_t bytes[64];

	zassert_ok(hwcnt_select(dev, dev, log, 1));
	zassert_ok(run_job());
	zassert_equal(hwcnt_drain(dev, JOB_LOG, bytes, sizeof(bytes)), 32);
	zassert_equal(hwcnt_drain(dev, JOB_LOG, bytes, sizeof(bytes)), 0);
	zassert_equal(hwcnt_drain(dev, MACS, bytes, sizeof(bytes)), -ENOTSUP);
}

ZTEST(mac_array, test_refused_job_is_told)
{
	int32_t bad[MAC_ARRAY_JOB_WORDS] = {0};

	zassert_equal(mac_array_run(bad, x, w, bias, multiplier, shift, y), -EINVAL);
	zassert_equal(zc_kernel_take_failure(), -EINVAL);
}
