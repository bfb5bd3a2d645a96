/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* The driver on a FAKE core with two event counters and five events. */

#include <zephyr/drivers/hwcnt.h>
#include <zephyr/sys/util.h>
#include <zephyr/ztest.h>

#include "arm_pmu_v3_sysreg.h"
#include "fake_registers.h"

enum {
	CYCLES,
	L1D_CACHE_REFILL,
	INST_RETIRED,
	L2D_CACHE,
	BR_RETIRED,
	STALL_SLOT,
	NUM_COUNTERS,
};

struct fake_pmu fake_pmu;

static const struct device *const dev = DEVICE_DT_GET(DT_NODELABEL(pmu));

static void reset(void *fixture)
{
	ARG_UNUSED(fixture);
	fake_pmu = (struct fake_pmu){
		.id_aa64dfr0_el1 = 1U << 8,
		.pmcr_el0 = 2U << 11,
		/* Bit 0x1e, CHAIN, is none that the driver offers. */
		.pmceid0_el0 = BIT(0x03) | BIT(0x08) | BIT(0x11) | BIT(0x16) | BIT(0x1e),
		.pmceid1_el0 = BIT(0x01) | BIT(0x1f),
		.pmccfiltr_el0 = UINT64_MAX,
		.pmevtyper_mask = UINT64_MAX,
	};
	zassert_ok(fake_init_again(dev));
}

ZTEST_SUITE(pmu_v3_fake, NULL, NULL, reset, NULL, NULL);

ZTEST(pmu_v3_fake, test_info_is_what_the_core_has)
{
	const struct hwcnt_info *info = hwcnt_info(dev);

	zassert_true(DEVICE_API_IS(hwcnt, dev));
	zassert_equal(info->num_counters, NUM_COUNTERS);
	zassert_equal(info->num_slots, 2);
	zassert_equal(info->counters[CYCLES].width, 64);
	zassert_str_equal(info->counters[INST_RETIRED].name, "inst-retired");
	zassert_equal(info->counters[INST_RETIRED].width, 32);
	zassert_str_equal(info->counters[BR_RETIRED].name, "br-retired");
	zassert_str_equal(info->counters[STALL_SLOT].name, "stall-slot");
}

ZTEST(pmu_v3_fake, test_core_without_pmu)
{
	static const uint16_t cycles[] = {CYCLES};

	fake_pmu.id_aa64dfr0_el1 = 0;
	zassert_ok(fake_init_again(dev));
	zassert_not_null(hwcnt_unavailable(dev));
	zassert_equal(hwcnt_select(dev, dev, cycles, 1), -EIO);
	fake_pmu.id_aa64dfr0_el1 = 15U << 8;
	zassert_ok(fake_init_again(dev));
	zassert_not_null(hwcnt_unavailable(dev));
}

ZTEST(pmu_v3_fake, test_select)
{
	static const uint16_t selected[] = {STALL_SLOT, CYCLES, INST_RETIRED};

	zassert_ok(hwcnt_select(dev, dev, selected, ARRAY_SIZE(selected)));
	zassert_equal(fake_pmu.pmevtyper[0], 0x3f);
	zassert_equal(fake_pmu.pmevtyper[1], 0x08);
	zassert_equal(fake_pmu.pmccfiltr_el0, 0);
	zassert_equal(fake_pmu.enabled, BIT64(31) | 3U);
	zassert_equal(fake_pmu.pmcr_el0 & 1U, 1);
	zassert_ok(hwcnt_select(dev, dev, NULL, 0));
	zassert_equal(fake_pmu.enabled, 0);
	zassert_equal(fake_pmu.pmcr_el0 & 1U, 0);
}

ZTEST(pmu_v3_fake, test_bad_selections)
{
	static const uint16_t three[] = {L1D_CACHE_REFILL, L2D_CACHE, BR_RETIRED};
	static const uint16_t twice[] = {CYCLES, CYCLES};
	static const uint16_t unknown[] = {NUM_COUNTERS};
	static const uint16_t one[] = {STALL_SLOT};

	zassert_equal(hwcnt_select(dev, dev, three, 3), -ENOSPC);
	zassert_equal(hwcnt_select(dev, dev, twice, 2), -EINVAL);
	zassert_equal(hwcnt_select(dev, dev, unknown, 1), -EINVAL);
	fake_pmu.pmevtyper_mask = 0xf;
	zassert_equal(hwcnt_select(dev, dev, one, 1), -EIO);
}

ZTEST(pmu_v3_fake, test_wraps_at_the_width)
{
	static const uint16_t selected[] = {BR_RETIRED, CYCLES};
	uint64_t before[2];
	uint64_t after[2];

	zassert_ok(hwcnt_select(dev, dev, selected, 2));
	fake_pmu.pmevcntr[0] = UINT32_MAX - 9U;
	fake_pmu.pmccntr_el0 = UINT64_MAX;
	hwcnt_read(dev, before);
	fake_pmu.pmevcntr[0] = 10;
	fake_pmu.pmccntr_el0 = 99;
	hwcnt_read(dev, after);
	zassert_equal((after[0] - before[0]) & BIT64_MASK(32), 20);
	zassert_equal(after[1] - before[1], 100);
}
