/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* The kernel's clock. */

#include <zephyr/kernel.h>
#include <zephyr/sys/util.h>

#include "../../../drivers/hwcnt/common/kernel_clock.h"
#include "clock.h"

#ifdef CONFIG_TIMER_HAS_64BIT_CYCLE_COUNTER
/* Its lower half where a word holds no more. */
zc_word zc_clock_kernel_read(void)
{
	return (zc_word)k_cycle_get_64();
}
#else
BUILD_ASSERT(!IS_ENABLED(CONFIG_64BIT), "the kernel's clock wraps before a word does");

zc_word zc_clock_kernel_read(void)
{
	return k_cycle_get_32();
}
#endif

static uint64_t kernel_hz(void)
{
	return sys_clock_hw_cycles_per_sec();
}

const struct zc_clock_source zc_clock_kernel = {
	.name = "kernel",
	.kind = KERNEL_CLOCK,
	.read = zc_clock_kernel_read,
	.hz = kernel_hz,
};
