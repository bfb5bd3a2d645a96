/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* The clock that the kernel's own statistics are in: usage_now() of kernel/usage.c. */

#ifndef DRIVERS_HWCNT_RUNTIME_STATS_CLOCK_H_
#define DRIVERS_HWCNT_RUNTIME_STATS_CLOCK_H_

#include <stdint.h>

#include <zephyr/kernel.h>

#ifdef CONFIG_THREAD_RUNTIME_STATS_USE_TIMING_FUNCTIONS
#include <zephyr/timing/timing.h>

static inline uint32_t runtime_stats_now(void)
{
	return (uint32_t)timing_counter_get();
}

static inline uint64_t runtime_stats_hz(void)
{
	return timing_freq_get();
}
#else
static inline uint32_t runtime_stats_now(void)
{
	return k_cycle_get_32();
}

static inline uint64_t runtime_stats_hz(void)
{
	return (uint64_t)sys_clock_hw_cycles_per_sec();
}
#endif

#endif /* DRIVERS_HWCNT_RUNTIME_STATS_CLOCK_H_ */
