/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#ifndef DRIVERS_HWCNT_COMMON_CORTEX_M_CLOCK_H_
#define DRIVERS_HWCNT_COMMON_CORTEX_M_CLOCK_H_

#include <zephyr/kernel.h>

#include "probed.h"

/* CMSIS-Core: kept by the vendor's system_<device>.c where there is one. */
extern uint32_t SystemCoreClock;
extern void SystemCoreClockUpdate(void);

/** @brief hwcnt_driver_api.clock_hz of counters of this core; 0 if its clock is not known. */
static inline uint64_t cortex_m_clock_hz(const struct device *dev)
{
	uint64_t fixed = hwcnt_cpu_clock_hz(dev);

	if (IS_ENABLED(CONFIG_CMSIS_CORE_HAS_SYSTEM_CORE_CLOCK)) {
		SystemCoreClockUpdate();
		return SystemCoreClock;
	}
	if (fixed == 0U && IS_ENABLED(CONFIG_CORTEX_M_SYSTICK)) {
		return (uint64_t)sys_clock_hw_cycles_per_sec();
	}
	return fixed;
}

#endif /* DRIVERS_HWCNT_COMMON_CORTEX_M_CLOCK_H_ */
