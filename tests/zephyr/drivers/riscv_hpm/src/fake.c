/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* The driver on a FAKE hart with three programmable counters: 3, 4 and 6. */

#include <string.h>

#include <zephyr/drivers/hwcnt.h>
#include <zephyr/ztest.h>

#include "fake_registers.h"
#include "riscv_hpm_csr.h"

enum {
	CYCLES,
	INSTRUCTIONS,
	ICACHE,
	DCACHE,
	BRANCH,
	TLB,
	NUM_COUNTERS,
};

static const struct device *const dev = DEVICE_DT_GET(DT_NODELABEL(hpm));

static uint64_t counters[32];
static hpm_csr_t events[32];
static hpm_csr_t inhibit;
/* Added to the counter after each read of a half. */
static uint64_t step;
static bool events_stick;

hpm_csr_t hpm_counter_read(unsigned int n)
{
	hpm_csr_t value = (hpm_csr_t)counters[n];

	counters[n] += step;
	return value;
}

hpm_csr_t hpm_counter_read_high(unsigned int n)
{
	hpm_csr_t value = (hpm_csr_t)(counters[n] >> 32);

	counters[n] += step;
	return value;
}

hpm_csr_t hpm_event_read(unsigned int n)
{
	return events[n];
}

void hpm_event_write(unsigned int n, hpm_csr_t value)
{
	events[n] = events_stick ? value : 0;
}

hpm_csr_t hpm_inhibit_read(void)
{
	return inhibit;
}

void hpm_inhibit_write(hpm_csr_t value)
{
	inhibit = value;
}

static void reset(void *fixture)
{
	ARG_UNUSED(fixture);
	memset(counters, 0, sizeof(counters));
	memset(events, 0, sizeof(events));
	inhibit = 0;
	step = 0;
	events_stick = true;
	zassert_ok(fake_init_again(dev));
	zassert_ok(hwcnt_select(dev, dev, NULL, 0));
}

ZTEST_SUITE(hpm_fake, NULL, NULL, reset, NULL, NULL);

ZTEST(hpm_fake, test_info_comes_from_devicetree)
{
	const struct hwcnt_info *info = hwcnt_info(dev);

	zassert_true(DEVICE_API_IS(hwcnt, dev));
	zassert_equal(info->num_counters, NUM_COUNTERS);
	zassert_equal(info->num_slots, 3);
	zassert_str_equal(info->counters[INSTRUCTIONS].name, "instructions");
	zassert_str_equal(info->counters[DCACHE].name, "dcache-misses");
	zassert_equal(info->counters[DCACHE].width, 64);
	zassert_equal(info->counters[DCACHE].flags, 0);
	zassert_equal(hwcnt_clock_hz(dev), 1000000000);
}

ZTEST(hpm_fake, test_events_go_to_the_counters_there_are)
{
	static const uint16_t three[] = {TLB, CYCLES, ICACHE, BRANCH};
	uint64_t values[4];

	zassert_ok(hwcnt_select(dev, dev, three, ARRAY_SIZE(three)));
	zassert_equal(events[3], 0x1001b);
	zassert_equal(events[4], 0x102);
	zassert_equal(events[5], 0, "there is no mhpmcounter5");
	zassert_equal(events[6], 0x2001);
	counters[0] = 10;
	counters[3] = 13;
	counters[4] = 14;
	counters[6] = 16;
	hwcnt_read(dev, values);
	zassert_equal(values[0], 13);
	zassert_equal(values[1], 10);
	zassert_equal(values[2], 14);
	zassert_equal(values[3], 16);
}

ZTEST(hpm_fake, test_selecting_again_frees_the_counters)
{
	static const uint16_t dcache[] = {DCACHE};
	static const uint16_t fixed[] = {INSTRUCTIONS, CYCLES};

	zassert_ok(hwcnt_select(dev, dev, dcache, 1));
	zassert_equal(events[3], 0x202);
	zassert_ok(hwcnt_select(dev, dev, fixed, 2));
	zassert_equal(events[3], 0);
}

ZTEST(hpm_fake, test_bad_selections)
{
	static const uint16_t four[] = {ICACHE, DCACHE, BRANCH, TLB};
	static const uint16_t twice[] = {ICACHE, ICACHE};
	static const uint16_t unknown[] = {NUM_COUNTERS};

	zassert_equal(hwcnt_select(dev, dev, four, ARRAY_SIZE(four)), -ENOSPC);
	zassert_equal(hwcnt_select(dev, dev, twice, ARRAY_SIZE(twice)), -EINVAL);
	zassert_equal(hwcnt_select(dev, dev, unknown, 1), -EINVAL);
}

ZTEST(hpm_fake, test_event_that_does_not_stick)
{
	static const uint16_t icache[] = {ICACHE};

	events_stick = false;
	zassert_equal(hwcnt_select(dev, dev, icache, 1), -EIO);
}

ZTEST(hpm_fake, test_unselected_programmable_counters_are_inhibited)
{
	static const uint16_t dcache[] = {DCACHE};
	static const uint16_t cycles[] = {CYCLES};

	/* minstret (2) does not count at boot and mcycle (0) does. */
	inhibit = BIT(2);
	zassert_ok(fake_init_again(dev));
	zassert_ok(hwcnt_select(dev, dev, dcache, 1));
	zassert_equal(inhibit, BIT(2) | BIT(4) | BIT(6));
	zassert_ok(hwcnt_select(dev, dev, cycles, 1));
	zassert_equal(inhibit, BIT(2) | BIT(3) | BIT(4) | BIT(6));
	zassert_ok(hwcnt_select(dev, dev, NULL, 0));
	zassert_equal(inhibit, BIT(2) | BIT(3) | BIT(4) | BIT(6));
}

ZTEST(hpm_fake, test_minstret_is_let_run_when_selected)
{
	static const uint16_t instructions[] = {INSTRUCTIONS};

	inhibit = BIT(2);
	zassert_ok(fake_init_again(dev));
	zassert_ok(hwcnt_select(dev, dev, instructions, 1));
	zassert_equal(inhibit & BIT(2), 0);
}

ZTEST(hpm_fake, test_carry_between_the_halves)
{
	static const uint16_t cycles[] = {CYCLES};
	uint64_t value;

	zassert_ok(hwcnt_select(dev, dev, cycles, 1));
	step = 1;
	for (uint64_t start = 0x1fffffffa; start <= 0x200000001; start++) {
		counters[0] = start;
		hwcnt_read(dev, &value);
		zassert_between_inclusive(value, start, counters[0], "torn: 0x%llx",
					  (unsigned long long)value);
	}
}

ZTEST(hpm_fake, test_wraps_at_64_bits)
{
	static const uint16_t cycles[] = {CYCLES};
	uint64_t before;
	uint64_t after;

	zassert_ok(hwcnt_select(dev, dev, cycles, 1));
	counters[0] = UINT64_MAX - 4;
	hwcnt_read(dev, &before);
	counters[0] = 5;
	hwcnt_read(dev, &after);
	zassert_equal(after - before, 10);
}
