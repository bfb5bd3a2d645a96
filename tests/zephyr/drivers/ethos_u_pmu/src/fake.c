/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* The driver over the real Ethos-U core driver, on FAKE registers of an Ethos-U55. */

#include <string.h>

#include <zephyr/drivers/hwcnt.h>
#include <zephyr/ztest.h>

#include <ethosu_driver.h>

#include "fake_registers.h"

#define NPU DT_REG_ADDR(DT_NODELABEL(fake_npu))
/* ethosu55_interface.h of the core driver */
#define PMCR         0x180U
#define PMCNTENSET   0x184U
#define PMCNTENCLR   0x188U
#define PMCCNTR      0x1a0U
#define PMCCNTR_HI   0x1a4U
#define PMEVCNTR(n)  (0x300U + 4U * (n))
#define PMEVTYPER(n) (0x380U + 4U * (n))
#define NPU_ACTIVE   35U
#define MAC_ACTIVE   48U
#define CYCLES       BIT(31)

static const struct device *const dev = DEVICE_DT_GET(DT_NODELABEL(npu_pmu));

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

static void reset(void *fixture)
{
	ARG_UNUSED(fixture);
	zassert_ok(hwcnt_select(dev, dev, NULL, 0));
	for (uint32_t n = 0; n < 4U; n++) {
		fake_set(NPU, PMEVCNTR(n), 0);
	}
	fake_set(NPU, PMCNTENSET, 0);
	fake_set(NPU, PMCNTENCLR, 0);
}

ZTEST_SUITE(ethos_u_fake, NULL, NULL, reset, NULL, NULL);

ZTEST(ethos_u_fake, test_info)
{
	const struct hwcnt_info *info = hwcnt_info(dev);

	zassert_true(DEVICE_API_IS(hwcnt, dev));
	zassert_is_null(hwcnt_unavailable(dev));
	zassert_equal(info->num_slots, 4);
	zassert_equal(info->counters[0].width, 48);
	zassert_equal(info->counters[named("mac-active")].width, 32);
	zassert_equal(hwcnt_clock_hz(dev), 25000000);
	for (uint16_t i = 0; i < info->num_counters; i++) {
		zassert_equal(named(info->counters[i].name), i, "%s is there twice",
			      info->counters[i].name);
	}
}

ZTEST(ethos_u_fake, test_select)
{
	const uint16_t selected[] = {named("mac-active"), named("cycles"), named("npu-active")};
	bool hooks = IS_ENABLED(CONFIG_HWCNT_ETHOS_U_PMU_HOOKS);

	zassert_ok(hwcnt_select(dev, dev, selected, ARRAY_SIZE(selected)));
	zassert_equal(fake_get(NPU, PMCR) & 1U, 1);
	zassert_equal(fake_get(NPU, PMEVTYPER(0)), MAC_ACTIVE);
	zassert_equal(fake_get(NPU, PMEVTYPER(1)), NPU_ACTIVE);
	zassert_equal(fake_get(NPU, PMCNTENSET), hooks ? 0 : CYCLES | 3U);
	zassert_ok(hwcnt_select(dev, dev, NULL, 0));
	zassert_equal(fake_get(NPU, PMCR), 0);
}

ZTEST(ethos_u_fake, test_inference_lets_the_counters_count)
{
	const uint16_t selected[] = {named("mac-active"), named("cycles")};
	struct ethosu_driver *npu;

	Z_TEST_SKIP_IFNDEF(CONFIG_HWCNT_ETHOS_U_PMU_HOOKS);
	npu = ethosu_reserve_driver();
	ethosu_release_driver(npu);
	ethosu_inference_begin(npu, NULL);
	zassert_equal(fake_get(NPU, PMCNTENSET), 0, "nothing is selected");
	zassert_ok(hwcnt_select(dev, dev, selected, ARRAY_SIZE(selected)));
	ethosu_inference_begin(npu, NULL);
	zassert_equal(fake_get(NPU, PMCNTENSET), CYCLES | 1U);
	fake_set(NPU, PMCNTENCLR, 0);
	ethosu_inference_end(npu, NULL);
	zassert_equal(fake_get(NPU, PMCNTENCLR), CYCLES | 1U);
}

ZTEST(ethos_u_fake, test_bad_selections)
{
	const uint16_t five[] = {1, 2, 3, 4, 5};
	const uint16_t four_and_cycles[] = {1, 2, 3, 4, 0};
	const uint16_t twice[] = {0, 0};
	const uint16_t unknown[] = {hwcnt_info(dev)->num_counters};

	zassert_equal(hwcnt_select(dev, dev, five, ARRAY_SIZE(five)), -ENOSPC);
	zassert_equal(hwcnt_select(dev, dev, twice, ARRAY_SIZE(twice)), -EINVAL);
	zassert_equal(hwcnt_select(dev, dev, unknown, 1), -EINVAL);
	zassert_ok(hwcnt_select(dev, dev, four_and_cycles, ARRAY_SIZE(four_and_cycles)));
}

ZTEST(ethos_u_fake, test_wraps_at_the_width)
{
	const uint16_t selected[] = {named("cycles"), named("npu-active")};
	uint64_t before[2];
	uint64_t after[2];

	zassert_ok(hwcnt_select(dev, dev, selected, 2));
	fake_set(NPU, PMCCNTR, 0xfffffff0);
	fake_set(NPU, PMCCNTR_HI, 0xffff);
	fake_set(NPU, PMEVCNTR(0), 0xffffffff);
	hwcnt_read(dev, before);
	fake_set(NPU, PMCCNTR, 0x10);
	fake_set(NPU, PMCCNTR_HI, 0);
	fake_set(NPU, PMEVCNTR(0), 4);
	hwcnt_read(dev, after);
	zassert_equal((after[0] - before[0]) & BIT64_MASK(48), 0x20);
	zassert_equal((after[1] - before[1]) & BIT64_MASK(32), 5);
}
