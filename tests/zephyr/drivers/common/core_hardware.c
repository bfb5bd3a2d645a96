/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * What holds for the counters of a core, on hardware or in an emulator: either they count, or the
 * driver says why they do not. The overlay labels the provider `core_counters`.
 */

#include <zephyr/drivers/hwcnt.h>
#include <zephyr/kernel.h>
#include <zephyr/ztest.h>

static const struct device *const dev = DEVICE_DT_GET(DT_NODELABEL(core_counters));

ZTEST(core_hardware, test_provider_is_found_by_class)
{
	zassert_true(device_is_ready(dev));
	zassert_true(DEVICE_API_IS(hwcnt, dev));
	zassert_not_equal(hwcnt_clock_hz(dev), 0);
}

ZTEST(core_hardware, test_cycles_advance_or_are_unavailable)
{
	static const uint16_t cycles[] = {0};
	uint64_t before;
	uint64_t after;

	if (hwcnt_unavailable(dev) != NULL) {
		TC_PRINT("unavailable: %s\n", hwcnt_unavailable(dev));
		/* A driver that said so must not claim that the counter was started. */
		zassert_equal(hwcnt_select(dev, dev, cycles, 1), -EIO);
		ztest_test_skip();
	}
	zassert_ok(hwcnt_select(dev, dev, cycles, 1));
	hwcnt_read(dev, &before);
	k_busy_wait(100);
	hwcnt_read(dev, &after);
	zassert_true(((after - before) & UINT32_MAX) >= hwcnt_clock_hz(dev) / 10000U);
}
