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

static void read_counters(const struct device *dev, uint64_t *values)
{
	ARG_UNUSED(dev);
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
