/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <zephyr/drivers/hwcnt.h>
#include <zephyr/kernel.h>
#include <zephyr/ztest.h>

static const struct device *const dev = DEVICE_DT_GET(DT_NODELABEL(kernel_cycles));
static const uint16_t cycles[] = {0, 0};

/* A device of no class. */
DEVICE_DEFINE(decoy, "decoy", NULL, NULL, NULL, NULL, POST_KERNEL, 50, NULL);

ZTEST_SUITE(kernel_cycles, NULL, NULL, NULL, NULL, NULL);

/* As zephyr_module/ports/zephyr/port.c does. */
ZTEST(kernel_cycles, test_provider_is_found_by_class)
{
	size_t providers = 0;
	size_t others = 0;

	STRUCT_SECTION_FOREACH(device, device) {
		if (DEVICE_API_IS(hwcnt, device)) {
			zassert_equal_ptr(device, dev);
			providers++;
		} else {
			others++;
		}
	}
	zassert_equal(providers, 1);
	zassert_true(others > 0);
}

ZTEST(kernel_cycles, test_info)
{
	const struct hwcnt_info *info = hwcnt_info(dev);

	zassert_str_equal(info->compatible, "zephyr,kernel-cycles");
	zassert_equal(info->num_counters, 1);
	zassert_equal(info->num_slots, 0);
	zassert_equal(info->counters[0].width,
		      IS_ENABLED(CONFIG_TIMER_HAS_64BIT_CYCLE_COUNTER) ? 64 : 32);
	zassert_is_null(hwcnt_unavailable(dev));
	zassert_equal(hwcnt_clock_hz(dev), sys_clock_hw_cycles_per_sec());
	zassert_equal(hwcnt_drain(dev, 0, NULL, 0), -ENOTSUP);
}

ZTEST(kernel_cycles, test_bad_selections)
{
	static const uint16_t unknown[] = {1};

	zassert_equal(hwcnt_select(dev, dev, unknown, 1), -EINVAL);
	zassert_equal(hwcnt_select(dev, dev, cycles, 2), -EINVAL);
}

/* More than 2^32 cycles, where idle time is skipped and so costs none. */
ZTEST(kernel_cycles, test_difference_over_a_wrap)
{
	uint64_t mask = UINT64_MAX >> (64U - hwcnt_info(dev)->counters[0].width);
	uint64_t hz = sys_clock_hw_cycles_per_sec();
	uint64_t seconds = BIT64(32) / hz + 2U;
	uint64_t before;
	uint64_t after;

	if (!IS_ENABLED(CONFIG_ARCH_POSIX) &&
	    (!IS_ENABLED(CONFIG_QEMU_ICOUNT) || IS_ENABLED(CONFIG_QEMU_ICOUNT_SLEEP))) {
		ztest_test_skip();
	}
	zassert_ok(hwcnt_select(dev, dev, cycles, 1));
	hwcnt_read(dev, &before);
	k_sleep(K_SECONDS(seconds));
	hwcnt_read(dev, &after);
	zassert_between_inclusive((after - before) & mask, (seconds * hz) & mask,
				  ((seconds + 1U) * hz) & mask);
}

ZTEST(kernel_cycles, test_counts_a_busy_wait)
{
	uint64_t mask = UINT64_MAX >> (64U - hwcnt_info(dev)->counters[0].width);
	uint64_t before;
	uint64_t after;

	zassert_ok(hwcnt_select(dev, dev, cycles, 1));
	hwcnt_read(dev, &before);
	k_busy_wait(1000);
	hwcnt_read(dev, &after);
	/* A millisecond; arm64's busy wait rounds 62.5 cycles a microsecond down to 62. */
	zassert_true(((after - before) & mask) >=
			     sys_clock_hw_cycles_per_sec() / 1000U * 98U / 100U,
		     "%llu", (unsigned long long)(after - before));
	zassert_ok(hwcnt_select(dev, dev, NULL, 0));
	before = UINT64_MAX;
	hwcnt_read(dev, &before);
	zassert_equal(before, UINT64_MAX, "nothing is selected");
}
