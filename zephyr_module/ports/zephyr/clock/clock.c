/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * zc_port_clock(). A counter of the core stops while the core sleeps; then the kernel's clock,
 * which does not, says for how long. A region that slept is exact to a cycle of the kernel's clock
 * for each time it did.
 */

#include <zephyr/init.h>
#include <zephyr/kernel.h>
#include <zephyr/sys/util.h>

#include <zephyr_counters/port.h>

#include "clock.h"

/* How long a counter is compared with the kernel's clock, and how often each end is read. */
#define COMPARE_US 20000U
#define TRIES      8U

/* One in so many: how far a stated frequency may be off. */
#define TOLERANCE 20U

/* Digits of a frequency that was measured: 3. */
#define LEAST_DIGITS 1000U

/* The kernel's, for those who ask before start_clock(). */
static struct zc_extended clock = {.read = zc_clock_kernel_read};
static const struct zc_clock_source *source = &zc_clock_kernel;
static const char *name = "kernel";
static uint64_t hz;

/* Both clocks when the core was about to sleep, the first time since the clock was read. */
static struct {
	uint32_t kernel;
	uint64_t clock;
} asleep;

static uint64_t to_clock(uint32_t kernel_cycles)
{
	return kernel_cycles * hz / sys_clock_hw_cycles_per_sec();
}

void zc_clock_before_sleep(void)
{
	unsigned int key = irq_lock();

	if (source->stops_in_sleep && !clock.stood_still) {
		asleep.kernel = k_cycle_get_32();
		asleep.clock = zc_extended_now(&clock);
		clock.stood_still = true;
	}
	irq_unlock(key);
}

/* Add the time for which the counter stood still; a cycle of the kernel's clock is no proof of it.
 */
static void after_sleep(void)
{
	unsigned int key = irq_lock();

	if (clock.stood_still) {
		uint32_t passed = k_cycle_get_32() - asleep.kernel;
		zc_word raw = clock.read();
		uint64_t now = zc_extended_now(&clock);

		if (passed > 0U && asleep.clock + to_clock(passed - 1U) > now) {
			zc_extended_set(&clock, asleep.clock + to_clock(passed), raw);
		}
		clock.stood_still = false;
	}
	irq_unlock(key);
}

uint64_t zc_port_clock(void)
{
	if (clock.stood_still) {
		after_sleep();
	}
	return zc_extended_now(&clock);
}

static void rebase(struct k_timer *timer)
{
	unsigned int key = irq_lock();
	zc_word raw = clock.read();

	ARG_UNUSED(timer);
	zc_extended_set(&clock, clock.base + (zc_word)(raw - clock.raw), raw);
	irq_unlock(key);
}

static K_TIMER_DEFINE(rebase_timer, rebase, NULL);

struct moment {
	uint32_t kernel;
	zc_word raw;
};

/* Both at once: the try that an interrupt or an emulator held up least. */
static struct moment read_both(const struct zc_clock_source *from)
{
	struct moment best = {0};
	uint32_t least = UINT32_MAX;

	for (unsigned int i = 0; i < TRIES; i++) {
		uint32_t before = k_cycle_get_32();
		zc_word raw = from->read();
		uint32_t took = k_cycle_get_32() - before;

		if (took < least) {
			least = took;
			best = (struct moment){before + took / 2U, raw};
		}
	}
	return best;
}

/* 0 if it does not count. */
static uint64_t measure_hz(const struct zc_clock_source *from)
{
	struct moment begin = read_both(from);
	struct moment end;
	uint64_t counted;
	uint64_t measured;
	uint64_t unit = 1;

	k_busy_wait(COMPARE_US);
	end = read_both(from);
	counted = (zc_word)(end.raw - begin.raw);
	if (end.kernel == begin.kernel) {
		return 0;
	}
	measured = counted * sys_clock_hw_cycles_per_sec() / (end.kernel - begin.kernel);
	while (measured / unit >= LEAST_DIGITS) {
		unit *= 10U;
	}
	return (measured + unit / 2U) / unit * unit;
}

/* What it states, if it counts at that; else what it counts at. */
static uint64_t true_hz(const struct zc_clock_source *from)
{
	uint64_t measured = measure_hz(from);
	uint64_t stated = from->hz();
	uint64_t off = measured > stated ? measured - stated : stated - measured;

	return measured == 0U || off > stated / TOLERANCE ? measured : stated;
}

static void use(const struct zc_clock_source *from, const char *called, uint64_t frequency)
{
	unsigned int key = irq_lock();

	source = from;
	name = called;
	hz = frequency;
	clock.stood_still = false;
	clock.read = from->read;
	zc_extended_set(&clock, 0, clock.read());
	irq_unlock(key);
	if (!IS_ENABLED(CONFIG_64BIT)) {
		/* Four times a wrap, as a region that locks interrupts holds one up. */
		uint64_t cycles = (uint64_t)(UINT32_MAX / 4U) * sys_clock_hw_cycles_per_sec() / hz;
		k_timeout_t period = K_CYC(MIN(cycles, UINT32_MAX / 4U));

		k_timer_start(&rebase_timer, period, period);
	}
}

static int start_clock(void)
{
	const struct zc_clock_source *chosen =
		IS_ENABLED(CONFIG_ZC_CLOCK_KERNEL) ? &zc_clock_kernel : &zc_clock_chosen;
	uint64_t frequency = 0;

	if (chosen->start == NULL || chosen->start() == 0) {
		frequency = chosen == &zc_clock_kernel ? chosen->hz() : true_hz(chosen);
	}
	if (frequency != 0U) {
		use(chosen, chosen->name, frequency);
	} else {
		use(&zc_clock_kernel, chosen->replacement, zc_clock_kernel.hz());
	}
	return 0;
}

SYS_INIT(start_clock, POST_KERNEL, CONFIG_ZC_CLOCK_INIT_PRIORITY);

uint64_t zc_port_clock_hz(void)
{
	return hz;
}

enum hwcnt_clock zc_port_clock_kind(void)
{
	return source->kind;
}

const char *zc_port_clock_name(void)
{
	return name;
}
