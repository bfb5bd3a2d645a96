/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* On a hart or an emulator of one. */

#include <zephyr/drivers/hwcnt.h>
#include <zephyr/irq.h>
#include <zephyr/kernel.h>
#include <zephyr/ztest.h>

enum {
	CYCLES,
	INSTRUCTIONS,
	/* The same two again, in programmable counters. */
	EVENT_CYCLES,
	EVENT_INSTRUCTIONS,
};

static const struct device *const dev = DEVICE_DT_GET(DT_NODELABEL(hpm));

/* Two instructions a turn. */
static void loop_of_two_instructions(unsigned long turns)
{
	__asm__ volatile("1: addi %0, %0, -1\n"
			 "   bnez %0, 1b\n"
			 : "+r"(turns));
}

/* How much each counter advances over a loop, and the reads around it. */
static void measure(unsigned long turns, size_t num, uint64_t *diff)
{
	uint64_t before[4];
	uint64_t after[4];
	unsigned int key = irq_lock();

	hwcnt_read(dev, before);
	loop_of_two_instructions(turns);
	hwcnt_read(dev, after);
	irq_unlock(key);
	for (size_t i = 0; i < num; i++) {
		diff[i] = after[i] - before[i];
	}
}

ZTEST_SUITE(hpm_hardware, NULL, NULL, NULL, NULL, NULL);

ZTEST(hpm_hardware, test_provider_is_found_by_class)
{
	zassert_true(device_is_ready(dev));
	zassert_true(DEVICE_API_IS(hwcnt, dev));
	zassert_is_null(hwcnt_unavailable(dev));
}

ZTEST(hpm_hardware, test_fixed_counters_advance)
{
	static const uint16_t selected[] = {CYCLES, INSTRUCTIONS};
	uint64_t diff[2];

	zassert_ok(hwcnt_select(dev, dev, selected, 2));
	measure(1000, 2, diff);
	zassert_true(diff[0] > 0);
	zassert_true(diff[1] > 0);
}

/* QEMU counts instructions exactly when its clock is the instruction count (-icount). QEMU 7.2 then
 * shows nanoseconds in their place, which are instructions if one takes 1 ns: shift=0.
 */
ZTEST(hpm_hardware, test_instructions_of_a_loop_of_known_length)
{
	static const uint16_t selected[] = {INSTRUCTIONS};
	static const unsigned long turns[] = {2, 3, 10, 1000, 123456};
	uint64_t one;
	uint64_t diff;

	Z_TEST_SKIP_IFNDEF(CONFIG_QEMU_ICOUNT);
	zassert_ok(hwcnt_select(dev, dev, selected, 1));
	measure(1, 1, &one);
	for (size_t i = 0; i < ARRAY_SIZE(turns); i++) {
		for (int again = 0; again < 3; again++) {
			measure(turns[i], 1, &diff);
			zassert_equal(diff - one, 2U * (turns[i] - 1U), "%lu turns: %llu", turns[i],
				      (unsigned long long)(diff - one));
		}
	}
	TC_PRINT("reads and one turn: %llu instructions\n", (unsigned long long)one);
}

ZTEST(hpm_hardware, test_programmed_counters_agree_with_the_fixed_ones)
{
	static const uint16_t selected[] = {EVENT_INSTRUCTIONS, INSTRUCTIONS, EVENT_CYCLES};
	uint64_t one[3];
	uint64_t many[3];

	Z_TEST_SKIP_IFNDEF(CONFIG_QEMU_ICOUNT);
	zassert_equal(hwcnt_info(dev)->num_counters, 4);
	zassert_ok(hwcnt_select(dev, dev, selected, ARRAY_SIZE(selected)));
	measure(1, 3, one);
	measure(5001, 3, many);
	zassert_equal(many[0] - one[0], 10000);
	zassert_equal(many[1] - one[1], 10000);
	zassert_equal(many[2] - one[2], 10000);
}
