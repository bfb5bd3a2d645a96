/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* The driver on FAKE registers of a core with eight event counters. */

#include <string.h>

#include <zephyr/drivers/hwcnt.h>
#include <zephyr/init.h>
#include <zephyr/ztest.h>

#include "fake_registers.h"

#define PMU          0xe0003000UL
#define EVCNTR(n)    (0x000U + 4U * (n))
#define CCNTR        0x07cU
#define EVTYPER(n)   (0x400U + 4U * (n))
#define CNTENSET     0xc00U
#define CNTENCLR     0xc20U
#define TYPE         0xe00U
#define CTRL         0xe04U
#define SCS          0xe000e000UL
#define DEMCR        0xdfcU
#define CHAIN        0x1eU
#define INST_RETIRED 0x08U

static const struct device *const dev = DEVICE_DT_GET(DT_NODELABEL(pmu));

static int map_registers(void)
{
	return fake_registers_map(PMU, 0x1000) | fake_registers_map(SCS, 0x1000);
}

SYS_INIT(map_registers, PRE_KERNEL_1, 0);

static uint16_t named(const char *name)
{
	const struct hwcnt_info *info = hwcnt_info(dev);

	for (uint16_t i = 0; i < info->num_counters; i++) {
		if (strcmp(info->counters[i].name, name) == 0) {
			return i;
		}
	}
	zassert_unreachable("no counter %s", name);
	return UINT16_MAX;
}

static void reset_to(uint32_t num_counters)
{
	for (uint32_t offset = 0; offset < 0x1000U; offset += 4U) {
		fake_set(PMU, offset, 0);
	}
	fake_set(SCS, DEMCR, 0);
	fake_set(PMU, TYPE, 0x00204f00U | num_counters);
	zassert_ok(fake_init_again(dev));
}

static void reset(void *fixture)
{
	ARG_UNUSED(fixture);
	reset_to(8);
}

ZTEST_SUITE(pmu_fake, NULL, NULL, reset, NULL, NULL);

ZTEST(pmu_fake, test_slots_are_pairs_of_counters)
{
	zassert_true(DEVICE_API_IS(hwcnt, dev));
	zassert_equal(hwcnt_info(dev)->num_slots, 4);
	zassert_is_null(hwcnt_unavailable(dev));
	zassert_equal(fake_get(SCS, DEMCR), BIT(24));
	reset_to(5);
	zassert_equal(hwcnt_info(dev)->num_slots, 2);
	reset_to(0);
	zassert_not_null(hwcnt_unavailable(dev));
}

ZTEST(pmu_fake, test_names_and_widths)
{
	const struct hwcnt_info *info = hwcnt_info(dev);

	zassert_equal(named("cycles"), 0);
	zassert_equal(info->counters[0].flags, HWCNT_FIXED | HWCNT_RUNNING);
	for (uint16_t i = 0; i < info->num_counters; i++) {
		zassert_equal(info->counters[i].width, 32);
		zassert_equal(named(info->counters[i].name), i, "%s is there twice",
			      info->counters[i].name);
	}
}

ZTEST(pmu_fake, test_select_chains_pairs)
{
	const uint16_t selected[] = {named("l1d-cache-refill"), named("cycles"),
				     named("inst-retired")};

	zassert_ok(hwcnt_select(dev, dev, selected, ARRAY_SIZE(selected)));
	zassert_equal(fake_get(PMU, CNTENCLR), UINT32_MAX, "all stopped first");
	zassert_equal(fake_get(PMU, EVTYPER(0)), 0x03);
	zassert_equal(fake_get(PMU, EVTYPER(1)), CHAIN);
	zassert_equal(fake_get(PMU, EVTYPER(2)), INST_RETIRED);
	zassert_equal(fake_get(PMU, EVTYPER(3)), CHAIN);
	zassert_equal(fake_get(PMU, CNTENSET), BIT(31) | 0xfU);
	zassert_equal(fake_get(PMU, CTRL), BIT(0));
	zassert_ok(hwcnt_select(dev, dev, NULL, 0));
	zassert_equal(fake_get(PMU, CTRL), 0);
}

ZTEST(pmu_fake, test_bad_selections)
{
	const uint16_t five[] = {1, 2, 3, 4, 5};
	const uint16_t four_and_cycles[] = {1, 2, 0, 3, 4};
	const uint16_t twice[] = {3, 3};
	const uint16_t unknown[] = {hwcnt_info(dev)->num_counters};

	zassert_equal(hwcnt_select(dev, dev, five, ARRAY_SIZE(five)), -ENOSPC);
	zassert_ok(hwcnt_select(dev, dev, four_and_cycles, ARRAY_SIZE(four_and_cycles)));
	zassert_equal(hwcnt_select(dev, dev, twice, ARRAY_SIZE(twice)), -EINVAL);
	zassert_equal(hwcnt_select(dev, dev, unknown, 1), -EINVAL);
}

ZTEST(pmu_fake, test_values_come_in_the_order_selected)
{
	const uint16_t selected[] = {named("stall-backend"), named("cycles"), named("mve-stall")};
	uint64_t values[3];

	zassert_ok(hwcnt_select(dev, dev, selected, ARRAY_SIZE(selected)));
	fake_set(PMU, EVCNTR(0), 0x5678);
	fake_set(PMU, EVCNTR(1), 0x1234);
	fake_set(PMU, EVCNTR(2), 0xffff);
	fake_set(PMU, EVCNTR(3), 0x0001);
	fake_set(PMU, CCNTR, 0xdeadbeef);
	hwcnt_read(dev, values);
	zassert_equal(values[0], 0x12345678);
	zassert_equal(values[1], 0xdeadbeef);
	zassert_equal(values[2], 0x0001ffff);
}

ZTEST(pmu_fake, test_wraps_at_the_width)
{
	const uint16_t selected[] = {named("inst-retired"), named("cycles")};
	uint64_t before[2];
	uint64_t after[2];

	zassert_ok(hwcnt_select(dev, dev, selected, 2));
	fake_set(PMU, EVCNTR(0), 0xfff0);
	fake_set(PMU, EVCNTR(1), 0xffff);
	fake_set(PMU, CCNTR, 0xffffffff);
	hwcnt_read(dev, before);
	fake_set(PMU, EVCNTR(0), 0x0010);
	fake_set(PMU, EVCNTR(1), 0x0000);
	fake_set(PMU, CCNTR, 0x00000001);
	hwcnt_read(dev, after);
	zassert_equal((after[0] - before[0]) & BIT64_MASK(32), 0x20);
	zassert_equal((after[1] - before[1]) & BIT64_MASK(32), 2);
}

ZTEST(pmu_fake, test_selecting_again_starts_from_zero)
{
	const uint16_t selected[] = {named("inst-retired")};
	uint64_t value;

	zassert_ok(hwcnt_select(dev, dev, selected, 1));
	fake_set(PMU, EVCNTR(1), 77);
	zassert_ok(hwcnt_select(dev, dev, selected, 1));
	hwcnt_read(dev, &value);
	zassert_equal(value, 0);
}
