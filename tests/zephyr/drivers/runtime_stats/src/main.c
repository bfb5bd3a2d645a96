/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <string.h>

#include <zephyr/drivers/hwcnt.h>
#include <zephyr/kernel.h>
#include <zephyr/ztest.h>

#define WAIT_US 10000

static const struct device *const dev = DEVICE_DT_GET(DT_NODELABEL(runtime_stats));

static int index_of(const char *name)
{
	const struct hwcnt_info *info = hwcnt_info(dev);

	for (int i = 0; i < info->num_counters; i++) {
		if (strcmp(info->counters[i].name, name) == 0) {
			return i;
		}
	}
	return -1;
}

static uint64_t read_one(const char *name)
{
	int index = index_of(name);
	uint16_t counter = (uint16_t)index;
	uint64_t value;

	zassert_true(index >= 0, "no %s", name);
	zassert_ok(hwcnt_select(dev, dev, &counter, 1));
	hwcnt_read(dev, &value);
	return value;
}

static uint64_t us_to_cycles(uint64_t us)
{
	return us * hwcnt_clock_hz(dev) / 1000000U;
}

ZTEST_SUITE(runtime_stats, NULL, NULL, NULL, NULL, NULL);

ZTEST(runtime_stats, test_info)
{
	const struct hwcnt_info *info = hwcnt_info(dev);

	zassert_true(DEVICE_API_IS(hwcnt, dev));
	zassert_str_equal(info->compatible, "zephyr,runtime-stats");
	zassert_equal(info->counters[index_of("heap-peak")].kind, HWCNT_LEVEL);
	zassert_str_equal(info->counters[index_of("heap-peak")].unit, "bytes");
	zassert_equal(info->counters[index_of("idle-cycles")].kind, HWCNT_COUNT);
	zassert_equal(info->counters[index_of("idle-cycles")].width, 64);
	zassert_equal(index_of("stack-peak") >= 0, !IS_ENABLED(CONFIG_ARCH_POSIX));
}

ZTEST(runtime_stats, test_bad_selections)
{
	const uint16_t unknown = hwcnt_info(dev)->num_counters;
	static const uint16_t twice[] = {1, 1};

	zassert_equal(hwcnt_select(dev, dev, &unknown, 1), -EINVAL);
	zassert_equal(hwcnt_select(dev, dev, twice, 2), -EINVAL);
	zassert_ok(hwcnt_select(dev, dev, NULL, 0));
}

ZTEST(runtime_stats, test_running_counts_for_the_thread_and_not_for_idle)
{
	uint64_t thread = read_one("thread-cycles");
	uint64_t busy = read_one("busy-cycles");
	uint64_t idle = read_one("idle-cycles");

	k_busy_wait(WAIT_US);
	thread = read_one("thread-cycles") - thread;
	busy = read_one("busy-cycles") - busy;
	idle = read_one("idle-cycles") - idle;
	/* Interrupts taken meanwhile may count for no thread. */
	zassert_true(thread >= us_to_cycles(WAIT_US) * 9U / 10U, "%llu",
		     (unsigned long long)thread);
	zassert_true(busy >= us_to_cycles(WAIT_US) * 9U / 10U, "%llu", (unsigned long long)busy);
	zassert_true(idle < us_to_cycles(WAIT_US) / 10U, "%llu", (unsigned long long)idle);
}

ZTEST(runtime_stats, test_sleeping_counts_for_idle_and_not_for_the_thread)
{
	uint64_t thread = read_one("thread-cycles");
	uint64_t idle = read_one("idle-cycles");

	k_usleep(WAIT_US);
	thread = read_one("thread-cycles") - thread;
	idle = read_one("idle-cycles") - idle;
	zassert_true(idle >= us_to_cycles(WAIT_US) * 9U / 10U, "%llu", (unsigned long long)idle);
	zassert_true(thread < us_to_cycles(WAIT_US) / 2U, "%llu", (unsigned long long)thread);
}

static void spend_a_millisecond(struct k_timer *timer)
{
	ARG_UNUSED(timer);
	k_busy_wait(1000);
}

static K_TIMER_DEFINE(slow_timer, spend_a_millisecond, NULL);

ZTEST(runtime_stats, test_interrupt_handlers_are_timed)
{
	uint64_t isr = read_one("isr-cycles");

	k_timer_start(&slow_timer, K_MSEC(10), K_NO_WAIT);
	k_msleep(50);
	isr = read_one("isr-cycles") - isr;
	zassert_true(isr >= us_to_cycles(1000) * 9U / 10U, "%llu", (unsigned long long)isr);
	zassert_true(isr < us_to_cycles(50000), "%llu", (unsigned long long)isr);
}

ZTEST(runtime_stats, test_heap_peak_is_a_high_water_mark)
{
	uint64_t before = read_one("heap-peak");
	void *block = k_malloc(2000);
	uint64_t with_block;

	zassert_not_null(block);
	with_block = read_one("heap-peak");
	zassert_true(with_block >= 2000U && with_block >= before);
	k_free(block);
	zassert_equal(read_one("heap-peak"), with_block);
}

static uint32_t __noinline use_stack(void)
{
	volatile uint8_t bytes[600];

	for (size_t i = 0; i < sizeof(bytes); i++) {
		bytes[i] = (uint8_t)i;
	}
	return bytes[sizeof(bytes) - 1U];
}

static K_THREAD_STACK_DEFINE(thread_stack, 2048);
static struct k_thread thread;
static uint64_t peak_before;
static uint64_t peak_after;

static void measure_stack(void *a, void *b, void *c)
{
	ARG_UNUSED(a);
	ARG_UNUSED(b);
	ARG_UNUSED(c);
	peak_before = read_one("stack-peak");
	(void)use_stack();
	peak_after = read_one("stack-peak");
}

ZTEST(runtime_stats, test_stack_peak_is_a_high_water_mark)
{
	if (IS_ENABLED(CONFIG_ARCH_POSIX)) {
		/* Threads do not run on Zephyr's stacks there. */
		ztest_test_skip();
	}
	k_thread_create(&thread, thread_stack, K_THREAD_STACK_SIZEOF(thread_stack), measure_stack,
			NULL, NULL, NULL, K_PRIO_COOP(1), 0, K_NO_WAIT);
	zassert_ok(k_thread_join(&thread, K_SECONDS(1)));
	zassert_true(peak_before > 0U);
	zassert_true(peak_after >= 600U && peak_after <= 2048U, "%llu",
		     (unsigned long long)peak_after);
	zassert_true(peak_after >= peak_before);
}
