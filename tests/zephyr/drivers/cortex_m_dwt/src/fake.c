/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* The driver on FAKE registers: what it writes, and what it makes of what it reads. */

#include <zephyr/drivers/hwcnt.h>
#include <zephyr/init.h>
#include <zephyr/ztest.h>

#include "fake_registers.h"

#define DWT          0xe0001000UL
#define DWT_CTRL     0x00U
#define DWT_CYCCNT   0x04U
#define DWT_CPICNT   0x08U
#define DWT_FOLDCNT  0x18U
#define DWT_LAR      0xfb0U
#define DWT_LSR      0xfb4U
#define SCS          0xe000e000UL
#define DEMCR        0xdfcU
#define TRCENA       BIT(24)
#define NOPRFCNT     BIT(24)
#define NOCYCCNT     BIT(25)
#define FIVE_PROFILE (0x1fU << 17)

enum {
	CYCLES,
	CPI,
	EXC,
	SLEEP,
	LSU,
	FOLD,
	NUM_COUNTERS,
};

static const struct device *const dev = DEVICE_DT_GET(DT_NODELABEL(dwt));

static int map_registers(void)
{
	return fake_registers_map(DWT, 0x1000) | fake_registers_map(SCS, 0x1000);
}

SYS_INIT(map_registers, PRE_KERNEL_1, 0);

static void reset(void *fixture)
{
	ARG_UNUSED(fixture);
	for (uint32_t offset = 0; offset < 0x1000U; offset += 4U) {
		fake_set(DWT, offset, 0);
	}
	fake_set(SCS, DEMCR, 0);
	zassert_ok(fake_init_again(dev));
}

ZTEST_SUITE(dwt_fake, NULL, NULL, reset, NULL, NULL);

ZTEST(dwt_fake, test_provider_is_found_by_class)
{
	zassert_true(device_is_ready(dev));
	zassert_true(DEVICE_API_IS(hwcnt, dev));
}

ZTEST(dwt_fake, test_init_enables_trace)
{
	zassert_equal(fake_get(SCS, DEMCR), TRCENA);
	zassert_is_null(hwcnt_unavailable(dev));
}

ZTEST(dwt_fake, test_lock_is_opened_only_where_there_is_one)
{
	zassert_equal(fake_get(DWT, DWT_LAR), 0);
	fake_set(DWT, DWT_LSR, 3);
	zassert_ok(fake_init_again(dev));
	zassert_equal(fake_get(DWT, DWT_LAR), 0xc5acce55);
}

ZTEST(dwt_fake, test_widths)
{
	const struct hwcnt_info *info = hwcnt_info(dev);

	zassert_equal(info->num_counters, NUM_COUNTERS);
	zassert_str_equal(info->compatible, "arm,cortex-m-dwt");
	zassert_str_equal(info->counters[CYCLES].name, "cycles");
	zassert_equal(info->counters[CYCLES].width, 32);
	for (int i = CPI; i <= FOLD; i++) {
		zassert_equal(info->counters[i].width, 8);
		zassert_equal(info->counters[i].flags, HWCNT_FIXED);
	}
}

ZTEST(dwt_fake, test_clock_is_the_cpu_node_s)
{
	zassert_equal(hwcnt_clock_hz(dev), 64000000);
}

ZTEST(dwt_fake, test_select_enables_and_stops)
{
	static const uint16_t cycles_and_lsu[] = {CYCLES, LSU};
	static const uint16_t all[] = {CYCLES, CPI, EXC, SLEEP, LSU, FOLD};

	fake_set(DWT, DWT_CTRL, BIT(16));
	zassert_ok(hwcnt_select(dev, dev, cycles_and_lsu, 2));
	zassert_equal(fake_get(DWT, DWT_CTRL), BIT(16) | BIT(0) | BIT(20));
	zassert_ok(hwcnt_select(dev, dev, all, ARRAY_SIZE(all)));
	zassert_equal(fake_get(DWT, DWT_CTRL), BIT(16) | BIT(0) | FIVE_PROFILE);
	zassert_ok(hwcnt_select(dev, dev, NULL, 0));
	zassert_equal(fake_get(DWT, DWT_CTRL), BIT(16), "bits of others stay");
}

ZTEST(dwt_fake, test_bad_selections)
{
	static const uint16_t twice[] = {CPI, CYCLES, CPI};
	static const uint16_t unknown[] = {NUM_COUNTERS};

	zassert_equal(hwcnt_select(dev, dev, twice, ARRAY_SIZE(twice)), -EINVAL);
	zassert_equal(hwcnt_select(dev, dev, unknown, 1), -EINVAL);
}

ZTEST(dwt_fake, test_values_come_in_the_order_selected)
{
	static const uint16_t selected[] = {FOLD, CYCLES, CPI};
	uint64_t values[4] = {0, 0, 0, UINT64_MAX};

	fake_set(DWT, DWT_CYCCNT, 0x12345678);
	fake_set(DWT, DWT_CPICNT, 0x11);
	fake_set(DWT, DWT_FOLDCNT, 0x77);
	zassert_ok(hwcnt_select(dev, dev, selected, ARRAY_SIZE(selected)));
	hwcnt_read(dev, values);
	zassert_equal(values[0], 0x77);
	zassert_equal(values[1], 0x12345678);
	zassert_equal(values[2], 0x11);
	zassert_equal(values[3], UINT64_MAX, "no more than selected");
}

ZTEST(dwt_fake, test_wraps_at_the_width)
{
	static const uint16_t selected[] = {CYCLES, CPI};
	const struct hwcnt_info *info = hwcnt_info(dev);
	uint64_t before[2];
	uint64_t after[2];

	zassert_ok(hwcnt_select(dev, dev, selected, 2));
	fake_set(DWT, DWT_CYCCNT, 0xffffff00);
	fake_set(DWT, DWT_CPICNT, 255);
	hwcnt_read(dev, before);
	fake_set(DWT, DWT_CYCCNT, 0x00000100);
	fake_set(DWT, DWT_CPICNT, 0);
	hwcnt_read(dev, after);
	zassert_equal((after[0] - before[0]) & BIT64_MASK(info->counters[CYCLES].width), 0x200);
	zassert_equal((after[1] - before[1]) & BIT64_MASK(info->counters[CPI].width), 1);
}

ZTEST(dwt_fake, test_core_without_profiling_counters)
{
	static const uint16_t cpi[] = {CPI};

	fake_set(DWT, DWT_CTRL, NOPRFCNT);
	zassert_ok(fake_init_again(dev));
	zassert_is_null(hwcnt_unavailable(dev));
	zassert_equal(hwcnt_info(dev)->num_counters, 1);
	zassert_equal(hwcnt_select(dev, dev, cpi, 1), -EINVAL);
}

ZTEST(dwt_fake, test_core_without_cycle_counter)
{
	static const uint16_t first[] = {0};
	uint64_t value;

	fake_set(DWT, DWT_CTRL, NOCYCCNT);
	fake_set(DWT, DWT_CPICNT, 42);
	zassert_ok(fake_init_again(dev));
	zassert_is_null(hwcnt_unavailable(dev));
	zassert_equal(hwcnt_info(dev)->num_counters, NUM_COUNTERS - 1);
	zassert_str_equal(hwcnt_info(dev)->counters[0].name, "cpi");
	zassert_ok(hwcnt_select(dev, dev, first, 1));
	zassert_equal(fake_get(DWT, DWT_CTRL), NOCYCCNT | BIT(17));
	hwcnt_read(dev, &value);
	zassert_equal(value, 42);
}

ZTEST(dwt_fake, test_core_without_counters)
{
	fake_set(DWT, DWT_CTRL, NOCYCCNT | NOPRFCNT);
	zassert_ok(fake_init_again(dev));
	zassert_not_null(hwcnt_unavailable(dev));
}

ZTEST(dwt_fake, test_cycles_that_others_read_go_on)
{
	static const uint16_t cpi[] = {CPI};

	fake_set(DWT, DWT_CTRL, BIT(0));
	zassert_ok(fake_init_again(dev));
	zassert_ok(hwcnt_select(dev, dev, cpi, 1));
	zassert_equal(fake_get(DWT, DWT_CTRL), BIT(0) | BIT(17));
	zassert_ok(hwcnt_select(dev, dev, NULL, 0));
	zassert_equal(fake_get(DWT, DWT_CTRL), BIT(0));
}
