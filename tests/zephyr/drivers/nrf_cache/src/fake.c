/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* The driver on FAKE registers of both layouts. */

#include <zephyr/drivers/hwcnt.h>
#include <zephyr/init.h>
#include <zephyr/ztest.h>

#include "fake_registers.h"

#define NRF53           0x50001000UL
#define PROFILINGENABLE 0x50cU
#define PROFILINGCLEAR  0x510U
#define NRF54L          0xe0082000UL
#define ENABLE          0x414U
#define CLEAR           0x418U
#define HIT             0x41cU
#define MISS            0x420U

static const struct device *const nrf53 = DEVICE_DT_GET(DT_NODELABEL(nrf53_cache));
static const struct device *const nrf54l = DEVICE_DT_GET(DT_NODELABEL(nrf54l_cache));

static int map_registers(void)
{
	return fake_registers_map(NRF53, 0x1000) | fake_registers_map(NRF54L, 0x1000);
}

SYS_INIT(map_registers, PRE_KERNEL_1, 0);

ZTEST_SUITE(nrf_cache_fake, NULL, NULL, NULL, NULL, NULL);

ZTEST(nrf_cache_fake, test_info)
{
	zassert_true(DEVICE_API_IS(hwcnt, nrf53));
	zassert_true(DEVICE_API_IS(hwcnt, nrf54l));
	zassert_equal(hwcnt_info(nrf53)->num_counters, 8);
	zassert_equal(hwcnt_info(nrf54l)->num_counters, 2);
	zassert_str_equal(hwcnt_info(nrf53)->counters[7].name, "xip-data-misses");
	zassert_str_equal(hwcnt_info(nrf54l)->counters[1].name, "misses");
	zassert_equal(hwcnt_info(nrf54l)->counters[1].width, 32);
}

ZTEST(nrf_cache_fake, test_select)
{
	static const uint16_t selected[] = {1, 0};

	zassert_ok(hwcnt_select(nrf53, nrf53, selected, 2));
	zassert_equal(fake_get(NRF53, PROFILINGENABLE), 1);
	zassert_equal(fake_get(NRF53, PROFILINGCLEAR), 1);
	zassert_ok(hwcnt_select(nrf53, nrf53, NULL, 0));
	zassert_equal(fake_get(NRF53, PROFILINGENABLE), 0);
	zassert_ok(hwcnt_select(nrf54l, nrf54l, selected, 2));
	zassert_equal(fake_get(NRF54L, ENABLE), 1);
	zassert_equal(fake_get(NRF54L, CLEAR), 1);
}

ZTEST(nrf_cache_fake, test_bad_selections)
{
	static const uint16_t twice[] = {1, 1};
	static const uint16_t unknown[] = {2};

	zassert_equal(hwcnt_select(nrf54l, nrf54l, twice, 2), -EINVAL);
	zassert_equal(hwcnt_select(nrf54l, nrf54l, unknown, 1), -EINVAL);
	zassert_ok(hwcnt_select(nrf53, nrf53, unknown, 1));
}

ZTEST(nrf_cache_fake, test_each_counter_has_its_register)
{
	static const uint16_t all[] = {0, 1, 2, 3, 4, 5, 6, 7};
	static const uint32_t offsets[] = {0x400, 0x404, 0x408, 0x40c, 0x420, 0x424, 0x428, 0x42c};
	uint64_t values[8];

	for (uint32_t i = 0; i < 8U; i++) {
		fake_set(NRF53, offsets[i], 100U + i);
	}
	zassert_ok(hwcnt_select(nrf53, nrf53, all, 8));
	hwcnt_read(nrf53, values);
	for (uint32_t i = 0; i < 8U; i++) {
		zassert_equal(values[i], 100U + i);
	}
}

ZTEST(nrf_cache_fake, test_wraps_at_the_width)
{
	static const uint16_t selected[] = {1, 0};
	uint64_t before[2];
	uint64_t after[2];

	zassert_ok(hwcnt_select(nrf54l, nrf54l, selected, 2));
	fake_set(NRF54L, HIT, UINT32_MAX);
	fake_set(NRF54L, MISS, UINT32_MAX - 1U);
	hwcnt_read(nrf54l, before);
	fake_set(NRF54L, HIT, 9);
	fake_set(NRF54L, MISS, 0);
	hwcnt_read(nrf54l, after);
	zassert_equal((after[0] - before[0]) & BIT64_MASK(32), 2, "misses");
	zassert_equal((after[1] - before[1]) & BIT64_MASK(32), 10, "hits");
}
