/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * CYCCNT of the Data Watchpoint and Trace unit. Sections are those of the Armv7-M Architecture
 * Reference Manual, DDI 0403E.e; Armv8-M Mainline (DDI 0553, D1.2) has the same registers.
 */

#include <errno.h>

#include <zephyr/sys/sys_io.h>
#include <zephyr/sys/util.h>

#include "../../../drivers/hwcnt/common/cortex_m_clock.h"
#include "clock.h"

/* C1.6.5 Debug Exception and Monitor Control Register, DEMCR */
#define DEMCR        0xe000edfcU
#define DEMCR_TRCENA BIT(24)

/* C1.8.7 Control register, DWT_CTRL; C1.8.8 DWT_CYCCNT */
#define DWT_CTRL           0xe0001000U
#define DWT_CTRL_CYCCNTENA BIT(0)
#define DWT_CTRL_NOCYCCNT  BIT(25)
#define DWT_CYCCNT         0xe0001004U

/* CoreSight Software Lock, on Cortex-M7 (Arm CoreSight Architecture Specification B2.3.10) */
#define DWT_LAR        0xe0001fb0U
#define DWT_LAR_UNLOCK 0xc5acce55U
#define DWT_LSR        0xe0001fb4U
#define DWT_LSR_LOCKED (BIT(0) | BIT(1))

BUILD_ASSERT(!IS_ENABLED(CONFIG_TIMING_FUNCTIONS) || IS_ENABLED(CONFIG_SOC_HAS_TIMING_FUNCTIONS) ||
		     IS_ENABLED(CONFIG_BOARD_HAS_TIMING_FUNCTIONS),
	     "the timing functions set DWT_CYCCNT to 0 and stop it: disable "
	     "CONFIG_TIMING_FUNCTIONS, or choose another clock by CONFIG_ZC_CLOCK_*");

static int start(void)
{
	sys_write32(sys_read32(DEMCR) | DEMCR_TRCENA, DEMCR);
	if ((sys_read32(DWT_LSR) & DWT_LSR_LOCKED) == DWT_LSR_LOCKED) {
		sys_write32(DWT_LAR_UNLOCK, DWT_LAR);
	}
	if ((sys_read32(DEMCR) & DEMCR_TRCENA) == 0U ||
	    (sys_read32(DWT_CTRL) & DWT_CTRL_NOCYCCNT) != 0U) {
		return -ENODEV;
	}
	sys_write32(sys_read32(DWT_CTRL) | DWT_CTRL_CYCCNTENA, DWT_CTRL);
	return 0;
}

static zc_word read(void)
{
	return sys_read32(DWT_CYCCNT);
}

static uint64_t core_hz(void)
{
	return cortex_m_clock_hz(NULL);
}

const struct zc_clock_source zc_clock_chosen = {
	.name = "dwt",
	.replacement = "kernel, as the DWT does not count",
	.kind = HWCNT_CLOCK_CORE,
	/* C1.8.8: it does not count while the core sleeps, unless a debugger keeps the clock on. */
	.stops_in_sleep = true,
	.start = start,
	.read = read,
	.hz = core_hz,
};
