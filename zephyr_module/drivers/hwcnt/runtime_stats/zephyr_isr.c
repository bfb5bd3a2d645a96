/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* The kernel keeps no time of interrupt handlers, but its user tracing calls out at both ends. */

#include <zephyr/irq.h>
#include <zephyr/kernel.h>

#include <tracing_user.h>

#include "runtime_stats_clock.h"
#include "runtime_stats_isr.h"

BUILD_ASSERT(CONFIG_MP_MAX_NUM_CPUS == 1, "one nesting depth for one CPU");

static uint64_t total;
static uint32_t entered_at;
static uint32_t depth;

uint64_t runtime_stats_isr_cycles(void)
{
	unsigned int key = irq_lock();
	uint64_t cycles = total;

	irq_unlock(key);
	return cycles;
}

void sys_trace_isr_enter_user(void)
{
	unsigned int key = irq_lock();

	if (depth++ == 0U) {
		entered_at = runtime_stats_now();
	}
	irq_unlock(key);
}

void sys_trace_isr_exit_user(void)
{
	unsigned int key = irq_lock();

	if (depth > 0U && --depth == 0U) {
		total += runtime_stats_now() - entered_at;
	}
	irq_unlock(key);
}
