/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* On a core or an emulator of one. */

#include <string.h>

#include <zephyr/drivers/hwcnt.h>
#include <zephyr/irq.h>
#include <zephyr/kernel.h>
#include <zephyr/ztest.h>

static const struct device *const dev = DEVICE_DT_GET(DT_NODELABEL(pmu));

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

/* Two instructions a turn. */
static void loop_of_two_instructions(uint64_t turns)
{
	__asm__ volatile("1: subs %0, %0, #1\n"
			 "   b.ne 1b\n"
			 : "+r"(turns)
			 :
			 : "cc");
}

/* How much each counter advances over a loop, and the reads around it. */
static void measure(uint64_t turns, size_t num, uint64_t *diff)
{
	uint64_t before[2];
	uint64_t after[2];
	unsigned int key = irq_lock();

	hwcnt_read(dev, before);
	loop_of_two_instructions(turns);
	hwcnt_read(dev, after);
	irq_unlock(key);
	for (size_t i = 0; i < num; i++) {
		diff[i] = after[i] - before[i];
	}
}

ZTEST_SUITE(pmu_v3_hardware, NULL, NULL, NULL, NULL, NULL);

ZTEST(pmu_v3_hardware, test_provider)
{
	const struct hwcnt_info *info = hwcnt_info(dev);

	zassert_true(device_is_ready(dev));
	zassert_true(DEVICE_API_IS(hwcnt, dev));
	zassert_is_null(hwcnt_unavailable(dev));
	TC_PRINT("%u slots, events:", info->num_slots);
	for (int i = 1; i < info->num_counters; i++) {
		TC_PRINT(" %s", info->counters[i].name);
	}
	TC_PRINT("\n");
}

ZTEST(pmu_v3_hardware, test_cycles_advance)
{
	static const uint16_t cycles[] = {0};
	uint64_t diff;

	zassert_ok(hwcnt_select(dev, dev, cycles, 1));
	measure(100000, 1, &diff);
	zassert_true(diff > 0U);
}

/* QEMU counts instructions exactly, when its clock is the instruction count (-icount). */
ZTEST(pmu_v3_hardware, test_instructions_of_a_loop_of_known_length)
{
	static const uint64_t turns[] = {2, 3, 10, 1000, 123456};
	const uint16_t instructions = (uint16_t)index_of("inst-retired");
	uint64_t one;
	uint64_t diff;

	Z_TEST_SKIP_IFNDEF(CONFIG_QEMU_ICOUNT);
	zassert_ok(hwcnt_select(dev, dev, &instructions, 1));
	measure(1, 1, &one);
	for (size_t i = 0; i < ARRAY_SIZE(turns); i++) {
		for (int again = 0; again < 3; again++) {
			measure(turns[i], 1, &diff);
			zassert_equal((diff - one) & BIT64_MASK(32), 2U * (turns[i] - 1U),
				      "%llu turns: %llu", turns[i], diff - one);
		}
	}
	TC_PRINT("reads and one turn: %llu instructions\n", one);
}
