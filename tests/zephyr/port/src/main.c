/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * The port's clock over a cycle counter of 32 bits that wraps inside a measurement. Upstream's
 * time_evaluator once reported 230,584,247 s then.
 */

#include <string.h>

#include <zephyr/drivers/hwcnt.h>
#include <zephyr/kernel.h>
#include <zephyr/ztest.h>

#include <zephyr_counters/counters.h>
#include <zephyr_counters/port.h>

#include "fake_cycles.h"

#define WRAP BIT64(32)
/* So long the kernel sleeps at once: a small part of the time between two looks of the port. */
#define STEP BIT64(26)
#define TAG  5U

static uint64_t hardware;

uint32_t fake_cycle_get_32(void)
{
	return (uint32_t)hardware;
}

/* A provider with the same counter, as the core's own is. */
static const struct hwcnt_counter counters[] = {
	{.name = "cycles",
	 .unit = "cycles",
	 .description = "those of the fake",
	 .kind = HWCNT_COUNT,
	 .width = 32,
	 .flags = HWCNT_FIXED,
	 .max_per_cycle = 1},
};

static const struct hwcnt_info *info(const struct device *dev)
{
	static const struct hwcnt_info data = {
		.compatible = "fake,cycles",
		.counters = counters,
		.num_counters = ARRAY_SIZE(counters),
	};

	ARG_UNUSED(dev);
	return &data;
}

static uint64_t clock_hz(const struct device *dev)
{
	ARG_UNUSED(dev);
	return zc_port_clock_hz();
}

static int select_counters(const struct device *dev, const uint16_t *ids, size_t num)
{
	ARG_UNUSED(dev);
	ARG_UNUSED(ids);
	ARG_UNUSED(num);
	return 0;
}

/* Runs once in the middle of a region's beginning or end. */
static void (*while_reading)(void);

static void read_counters(const struct device *dev, uint64_t *values)
{
	void (*hook)(void) = while_reading;

	ARG_UNUSED(dev);
	if (hook != NULL) {
		while_reading = NULL;
		hook();
	}
	values[0] = (uint32_t)hardware;
}

static DEVICE_API(hwcnt, api) = {
	.info = info,
	.clock_hz = clock_hz,
	.select = select_counters,
	.read = read_counters,
};

DEVICE_DEFINE(fake_cycles, "fake_cycles", NULL, NULL, NULL, NULL, POST_KERNEL, 50, &api);

/* Time passes for the kernel and its timers, too. */
static void pass(uint64_t cycles)
{
	while (cycles > 0U) {
		uint64_t step = MIN(cycles, STEP);

		k_sleep(K_CYC(step));
		hardware += step;
		cycles -= step;
	}
}

static void pass_until(uint32_t value)
{
	pass((uint32_t)(value - (uint32_t)hardware));
}

static struct {
	struct zc_sink sink;
	uint8_t bytes[256];
	size_t len;
} blob;

static void collect(struct zc_sink *sink, const uint8_t *data, size_t len)
{
	ARG_UNUSED(sink);
	zassert_true(len <= sizeof(blob.bytes) - blob.len);
	memcpy(&blob.bytes[blob.len], data, len);
	blob.len += len;
}

/* A record ends in its ticks and its values (docs/blob.cddl), the blob in a CRC of 4 bytes. */
static void expect_numbers(const uint8_t *numbers, size_t len)
{
	blob.sink.write = collect;
	blob.len = 0;
	zassert_ok(zc_counters_write_records(&blob.sink, sizeof(blob.bytes), 0));
	zc_counters_taken();
	zassert_true(blob.len > len + 4U);
	zassert_mem_equal(&blob.bytes[blob.len - 4U - len], numbers, len);
}

static uint64_t measure(uint64_t cycles)
{
	uint64_t ticks = 0;

	zassert_ok(zc_counters_begin(TAG, ZC_ORIGIN_USER, 0));
	pass(cycles);
	zassert_ok(zc_counters_end(0, &ticks));
	return ticks;
}

static void *select_the_provider(void)
{
	/* No flags, counter 0 of provider 0. */
	static const uint8_t selection[] = {0x84, 0x02, 0x00, 0x00, 0x81, 0x82, 0x00, 0x81, 0x00};

	zassert_ok(zc_counters_init());
	zassert_equal(zc_port_num_providers(), 1);
	zassert_ok(zc_counters_select(selection, sizeof(selection)));
	return NULL;
}

ZTEST_SUITE(port, NULL, select_the_provider, NULL, NULL, NULL);

ZTEST(port, test_a_wrap_in_the_middle_of_a_measurement)
{
	static const uint8_t numbers[] = {0x19, 0x01, 0x2c, 0x19, 0x01, 0x2c};

	pass_until(UINT32_MAX - 99U);
	zassert_equal(measure(300), 300);
	expect_numbers(numbers, sizeof(numbers));
}

ZTEST(port, test_nobody_reads_for_more_than_a_wrap)
{
	/* The counter's value is modulo its width; the reader also has the ticks. */
	static const uint8_t numbers[] = {0x1b, 0x00, 0x00, 0x00, 0x03,
					  0x00, 0x00, 0x00, 0x07, 0x07};

	zassert_equal(measure(3U * WRAP + 7U), 3U * WRAP + 7U);
	expect_numbers(numbers, sizeof(numbers));
}

ZTEST(port, test_exactly_a_wrap)
{
	static const uint8_t numbers[] = {0x1b, 0x00, 0x00, 0x00, 0x01,
					  0x00, 0x00, 0x00, 0x00, 0x00};

	zassert_equal(measure(WRAP), WRAP);
	expect_numbers(numbers, sizeof(numbers));
}

ZTEST(port, test_the_clock_is_the_hardware_with_its_wraps)
{
	uint64_t begin = zc_port_clock();
	uint64_t passed = 0;

	/* Between looks of a fifth of a wrap, of all, and of none. */
	for (uint64_t cycles = WRAP / 5U; passed < 3U * WRAP; passed += cycles) {
		pass(cycles);
		zassert_equal(zc_port_clock() - begin, passed + cycles);
		zassert_equal(zc_port_clock() - begin, passed + cycles);
	}
	zassert_equal(zc_port_clock(), hardware);
}

static const struct device *fake(void)
{
	return zc_port_provider(0);
}

ZTEST(port, test_a_provider_has_one_owner)
{
	static const uint16_t ids[] = {0};
	static const int other;

	/* The library selected it. */
	zassert_equal(hwcnt_claim(fake(), &other), -EBUSY);
	zassert_equal(hwcnt_select(fake(), &other, ids, 1), -EBUSY);
	zassert_equal(hwcnt_select(fake(), &other, NULL, 0), -EBUSY);
	zassert_equal(hwcnt_release(fake(), &other), -EBUSY);
	zassert_equal(measure(300), 300);
	zc_counters_taken();
}

ZTEST(port, test_the_library_respects_an_owner)
{
	static const uint8_t none[] = {0x84, 0x02, 0x00, 0x00, 0x80};
	static const uint8_t one[] = {0x84, 0x02, 0x00, 0x00, 0x81, 0x82, 0x00, 0x81, 0x00};
	static const int other;

	zassert_ok(zc_counters_select(none, sizeof(none)));
	zassert_ok(hwcnt_claim(fake(), &other));
	zassert_ok(hwcnt_claim(fake(), &other), "it has it");
	zassert_equal(zc_counters_select(one, sizeof(one)), -EBUSY);
	zassert_ok(hwcnt_release(fake(), &other));
	zassert_equal(hwcnt_release(fake(), &other), -EALREADY);
	zassert_ok(zc_counters_select(one, sizeof(one)));
}

/* Another thread, of a higher priority: it runs as soon as it is asked to. */
K_SEM_DEFINE(asked, 0, 1);
static uint32_t ends_of_others;

static void disturb(void *a, void *b, void *c)
{
	uint32_t round = 0;

	ARG_UNUSED(a);
	ARG_UNUSED(b);
	ARG_UNUSED(c);
	for (;; round++) {
		(void)k_sem_take(&asked, K_FOREVER);
		for (uint32_t bit = 0; bit < 6U; bit++) {
			if ((round >> bit & 1U) != 0U) {
				(void)zc_counters_begin(bit, ZC_ORIGIN_USER, 0);
			} else {
				ends_of_others += zc_counters_end(0, NULL) == 0 ? 1U : 0U;
			}
		}
	}
}

K_THREAD_DEFINE(disturber, 1024, disturb, NULL, NULL, NULL, K_HIGHEST_APPLICATION_THREAD_PRIO, 0,
		0);

static void ask(void)
{
	k_sem_give(&asked);
}

ZTEST(port, test_two_threads_in_any_order)
{
	k_thread_priority_set(k_current_get(), K_LOWEST_APPLICATION_THREAD_PRIO);
	for (uint32_t round = 0; round < 1024U; round++) {
		while_reading = ask;
		(void)zc_counters_begin(TAG, ZC_ORIGIN_USER, 0);
		while_reading = ask;
		(void)zc_counters_end(0, NULL);
		if (round % 3U == 0U) {
			(void)zc_counters_end(0, NULL);
		}
	}
	zassert_true(ends_of_others > 0U);
	while_reading = NULL;
	zc_counters_abort();
	zassert_equal(zc_counters_end(0, NULL), -EALREADY);
	/* The record buffer is full; what was measured still is right. */
	select_the_provider();
	zassert_equal(measure(300), 300);
	zc_counters_taken();
}
