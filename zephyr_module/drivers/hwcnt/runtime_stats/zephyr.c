/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * What the kernel knows of itself. Each counter is there if the kernel keeps it, which its own
 * options decide: see the binding.
 */

#define DT_DRV_COMPAT zephyr_runtime_stats

#include <zephyr/drivers/hwcnt.h>
#include <zephyr/kernel.h>
#include <zephyr/sys/sys_heap.h>

#include "../common/constant.h"
#include "../common/kernel_clock.h"
#include "runtime_stats_clock.h"
#include "runtime_stats_isr.h"

BUILD_ASSERT(DT_NUM_INST_STATUS_OKAY(DT_DRV_COMPAT) == 1,
	     "there is one kernel: enable one zephyr,runtime-stats node");

#define CYCLES_COUNTER(name_, description_)                                                        \
	{                                                                                          \
		.name = name_, .unit = "cycles", .description = description_, .kind = HWCNT_COUNT, \
		.width = 64, .flags = HWCNT_FIXED, .max_per_cycle = 1,                             \
	}

#define BYTES_LEVEL(name_, flags_, description_)                                                   \
	{                                                                                          \
		.name = name_, .unit = "bytes", .description = description_, .kind = HWCNT_LEVEL,  \
		.width = 32, .flags = HWCNT_FIXED | (flags_),                                      \
	}

/* The kernel's scheduling statistics. */
#ifdef CONFIG_SCHED_THREAD_USAGE
static uint64_t read_thread_cycles(void)
{
	k_thread_runtime_stats_t stats = {0};

	(void)k_thread_runtime_stats_get(k_current_get(), &stats);
	return stats.execution_cycles;
}
#endif

#ifdef CONFIG_SCHED_THREAD_USAGE_ALL
static uint64_t read_busy_cycles(void)
{
	k_thread_runtime_stats_t stats = {0};

	(void)k_thread_runtime_stats_all_get(&stats);
	return stats.total_cycles;
}

static uint64_t read_idle_cycles(void)
{
	k_thread_runtime_stats_t stats = {0};

	(void)k_thread_runtime_stats_all_get(&stats);
	return stats.idle_cycles;
}
#endif

#if defined(CONFIG_SYS_HEAP_RUNTIME_STATS) && (K_HEAP_MEM_POOL_SIZE > 0)
#define HAS_HEAP_PEAK
extern struct k_heap _system_heap;

static uint64_t read_heap_peak(void)
{
	struct sys_memory_stats stats = {0};

	(void)sys_heap_runtime_stats_get(&_system_heap.heap, &stats);
	return stats.max_allocated_bytes;
}
#endif

/* On the posix architecture threads run on stacks of the host, which are not filled with a pattern.
 */
#if defined(CONFIG_INIT_STACKS) && defined(CONFIG_THREAD_STACK_INFO) && !defined(CONFIG_ARCH_POSIX)
#define HAS_STACK_PEAK
static uint64_t read_stack_peak(void)
{
	k_tid_t thread = k_current_get();
	size_t unused = 0;

	(void)k_thread_stack_space_get(thread, &unused);
	return thread->stack_info.size - unused;
}
#endif

static const struct hwcnt_counter stats_counters[] = {
#ifdef CONFIG_SCHED_THREAD_USAGE
	CYCLES_COUNTER("thread-cycles", "time that the reading thread ran"),
#endif
#ifdef CONFIG_SCHED_THREAD_USAGE_ALL
	CYCLES_COUNTER("busy-cycles", "time that any thread but idle ran, on all CPUs"),
	CYCLES_COUNTER("idle-cycles", "time that the idle threads ran, on all CPUs"),
#endif
#ifdef CONFIG_HWCNT_RUNTIME_STATS_ISR
	CYCLES_COUNTER("isr-cycles", "time in interrupt handlers, nested ones counted once"),
#endif
#ifdef HAS_HEAP_PEAK
	BYTES_LEVEL("heap-peak", 0, "most bytes ever allocated from the system heap"),
#endif
#ifdef HAS_STACK_PEAK
	/* Every unused byte of the stack is compared. */
	BYTES_LEVEL("stack-peak", HWCNT_EXPENSIVE, "deepest use of the reading thread's stack"),
#endif
};

/* In the same order. */
static uint64_t (*const stats_readers[])(void) = {
#ifdef CONFIG_SCHED_THREAD_USAGE
	read_thread_cycles,
#endif
#ifdef CONFIG_SCHED_THREAD_USAGE_ALL
	read_busy_cycles,         read_idle_cycles,
#endif
#ifdef CONFIG_HWCNT_RUNTIME_STATS_ISR
	runtime_stats_isr_cycles,
#endif
#ifdef HAS_HEAP_PEAK
	read_heap_peak,
#endif
#ifdef HAS_STACK_PEAK
	read_stack_peak,
#endif
};

BUILD_ASSERT(ARRAY_SIZE(stats_readers) > 0,
	     "zephyr,runtime-stats: the kernel keeps no statistics; enable one of "
	     "CONFIG_THREAD_RUNTIME_STATS, CONFIG_SYS_HEAP_RUNTIME_STATS, CONFIG_INIT_STACKS");
BUILD_ASSERT(ARRAY_SIZE(stats_readers) == ARRAY_SIZE(stats_counters), "a reader each");

struct stats_data {
	uint8_t num_selected;
	uint64_t (*selected[ARRAY_SIZE(stats_readers)])(void);
};

static const struct hwcnt_info stats_info = {
	.compatible = "zephyr,runtime-stats",
	.counters = stats_counters,
	.num_counters = ARRAY_SIZE(stats_counters),
	.num_slots = 0,
	.clock = KERNEL_CLOCK,
	.flags = KERNEL_FLAGS,
};

static uint64_t stats_clock_hz(const struct device *dev)
{
	ARG_UNUSED(dev);
	return runtime_stats_hz();
}

static int stats_select(const struct device *dev, const uint16_t *counters, size_t num)
{
	struct stats_data *data = dev->data;

	for (size_t i = 0; i < num; i++) {
		data->selected[i] = stats_readers[counters[i]];
	}
	data->num_selected = (uint8_t)num;
	return 0;
}

static void stats_read(const struct device *dev, uint64_t *values)
{
	const struct stats_data *data = dev->data;

	for (uint32_t i = 0; i < data->num_selected; i++) {
		values[i] = data->selected[i]();
	}
}

static DEVICE_API(hwcnt, stats_api) = {
	.info = hwcnt_constant_info,
	.clock_hz = stats_clock_hz,
	.select = stats_select,
	.read = stats_read,
};

static struct stats_data stats_data;

DEVICE_DT_INST_DEFINE(0, NULL, NULL, &stats_data, &stats_info, POST_KERNEL,
		      CONFIG_HWCNT_INIT_PRIORITY, &stats_api);
