/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include "core_hardware.h"

static const struct device *const dev = DEVICE_DT_GET(DT_NODELABEL(pmu));

ZTEST_SUITE(pmu_hardware, NULL, NULL, NULL, NULL, NULL);

ZTEST(pmu_hardware, test_provider_is_found_by_class)
{
	check_provider_is_found_by_class(dev);
}

ZTEST(pmu_hardware, test_cycles_advance_or_are_unavailable)
{
	check_cycles_advance_or_are_unavailable(dev);
}
