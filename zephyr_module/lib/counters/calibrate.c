/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <string.h>

#include <zephyr_counters/port.h>

#include "internal.h"

/* Empty regions measured for each minimum. */
#define SAMPLES 64U

/* A running counter has 1/64 s to advance, and a clock that stands still ends the wait as well. */
#define STUCK_SHARE 64U
#define STUCK_READS 1000000U

struct zc_calibration zc_calibration;

static uint32_t saturate(uint64_t value)
{
	return value > UINT32_MAX ? UINT32_MAX : (uint32_t)value;
}

static void minimum(uint32_t *least, uint64_t value, uint32_t without)
{
	value = value > without ? value - without : 0;
	if (value < *least) {
		*least = saturate(value);
	}
}

/* Take the oldest record into account; `without` of it is known. A level costs nothing. */
static void sample(struct zc_measure *measure, const struct zc_measure *without)
{
	const struct zc_record *record = zc_records_first();

	minimum(&measure->ticks, record->ticks, without == NULL ? 0 : without->ticks);
	for (size_t i = 0; i < zc_selection.num_values; i++) {
		uint64_t value = record->values[i];

		if ((zc_selection.widths[i] & ZC_WIDTH_LEVEL) != 0) {
			value = 0;
		}
		minimum(&measure->values[i], value, without == NULL ? 0 : without->values[i]);
	}
	zc_records_clear();
}

static void measure_cost(void)
{
	/* Nothing wraps yet, so that no sample takes the slow path. */
	zc_calibration.wrap_ticks = UINT64_MAX;
	memset(&zc_calibration.overhead, 0xff, sizeof(zc_calibration.overhead));
	memset(&zc_calibration.nested, 0xff, sizeof(zc_calibration.nested));
	zc_records_clear();
	for (unsigned int i = 0; i < SAMPLES; i++) {
		(void)zc_counters_begin(0, ZC_ORIGIN_USER, 0);
		(void)zc_counters_end(0, NULL);
		sample(&zc_calibration.overhead, NULL);
	}
	for (unsigned int i = 0; i < SAMPLES; i++) {
		(void)zc_counters_begin(0, ZC_ORIGIN_USER, 0);
		(void)zc_counters_begin(0, ZC_ORIGIN_USER, 0);
		(void)zc_counters_end(0, NULL);
		/* The inner record goes, which makes the outer one the oldest. */
		zc_records_clear();
		(void)zc_counters_end(0, NULL);
		sample(&zc_calibration.nested, &zc_calibration.overhead);
	}
}

/* A bit for each position that is a running counter. */
static uint32_t running(void)
{
	uint32_t bits = 0;

	for (size_t i = 0; i < zc_selection.num_positions; i++) {
		const struct device *dev;
		const struct hwcnt_counter *counter = zc_selected(&zc_selection, i, &dev);

		if (counter->kind == HWCNT_COUNT && (counter->flags & HWCNT_RUNNING) != 0) {
			bits |= 1U << i;
		}
	}
	return bits;
}

/* Of the positions in `waiting`, those whose value is the one it was. */
static uint32_t same(uint32_t waiting, const uint64_t *first, const uint64_t *now)
{
	size_t value = 0;

	for (size_t i = 0; i < zc_selection.num_positions; i++) {
		const struct device *dev;

		if (zc_selected(&zc_selection, i, &dev)->kind == HWCNT_BYTES) {
			continue;
		}
		if (first[value] != now[value]) {
			waiting &= ~(1U << i);
		}
		value++;
	}
	return waiting;
}

static uint32_t find_stuck(void)
{
	uint64_t first[CONFIG_ZC_MAX_SELECTED];
	uint64_t now[CONFIG_ZC_MAX_SELECTED];
	uint64_t begin = zc_port_clock();
	uint64_t patience = zc_port_clock_hz() / STUCK_SHARE + 1U;
	uint32_t waiting = running();

	zc_read_values(first);
	for (unsigned int i = 0; waiting != 0 && i < STUCK_READS; i++) {
		bool over = zc_port_clock() - begin > patience;

		zc_read_values(now);
		waiting = same(waiting, first, now);
		if (over) {
			break;
		}
	}
	return waiting;
}

/*
 * The ticks in which a counter may advance by 2^width:
 *
 *   2^width * clock_hz / (provider's clock_hz * max_per_cycle)
 *
 * rounded down, by long division bit by bit, as the dividend has up to 127 bits. Where the provider
 * does not know how fast a counter is, once a cycle is assumed, and where it has no clock, ours.
 */
static uint64_t wrap_ticks(const struct device *dev, const struct hwcnt_counter *counter)
{
	uint64_t clock_hz = zc_port_clock_hz();
	uint64_t per_second = hwcnt_clock_hz(dev);
	uint64_t quotient = 0;
	uint64_t rest = 0;

	if (counter->kind != HWCNT_COUNT || counter->width > 63) {
		return UINT64_MAX;
	}
	if (per_second == 0) {
		per_second = clock_hz;
	}
	per_second *= MAX(counter->max_per_cycle, 1U);
	for (int bit = 63 + counter->width; bit >= 0; bit--) {
		if ((quotient >> 63) != 0) {
			return UINT64_MAX;
		}
		quotient <<= 1;
		rest <<= 1;
		if (bit >= counter->width) {
			rest |= clock_hz >> (bit - counter->width) & 1U;
		}
		if (rest >= per_second) {
			rest -= per_second;
			quotient |= 1U;
		}
	}
	return quotient;
}

uint32_t zc_wrapped(uint64_t ticks)
{
	uint32_t bits = 0;
	uint32_t bit = 1;

	for (size_t i = 0; i < zc_selection.num_positions; i++) {
		const struct device *dev;
		const struct hwcnt_counter *counter = zc_selected(&zc_selection, i, &dev);

		if (counter->kind == HWCNT_BYTES) {
			continue;
		}
		if (ticks >= wrap_ticks(dev, counter)) {
			bits |= bit;
		}
		bit <<= 1;
	}
	return bits;
}

static uint64_t least_wrap_ticks(void)
{
	uint64_t least = UINT64_MAX;

	for (size_t i = 0; i < zc_selection.num_positions; i++) {
		const struct device *dev;
		const struct hwcnt_counter *counter = zc_selected(&zc_selection, i, &dev);
		uint64_t ticks = wrap_ticks(dev, counter);

		least = MIN(least, ticks);
	}
	return least;
}

void zc_calibrate(void)
{
	zc_calibration.catalog_crc = zc_counters_catalog_crc();
	measure_cost();
	zc_calibration.stuck = find_stuck();
	zc_calibration.wrap_ticks = least_wrap_ticks();
}
