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

/* Take a record into account. A level costs nothing. */
static void sample(uint32_t *least, const struct zc_record *record)
{
	for (size_t i = 0; i < zc_selection.num_numbers; i++) {
		uint64_t number = zc_records_number(record, i);
		uint32_t cost = number > UINT32_MAX ? UINT32_MAX : (uint32_t)number;

		if ((zc_selection.traits[i] & ZC_TRAIT_LEVEL) != 0) {
			cost = 0;
		}
		least[i] = MIN(least[i], cost);
	}
}

static void measure_cost(void)
{
	uint32_t *overhead = zc_calibration.cost[ZC_OVERHEAD];
	uint32_t *nested = zc_calibration.cost[ZC_NESTED];

	memset(zc_calibration.cost, 0xff, sizeof(zc_calibration.cost));
	for (unsigned int i = 0; i < SAMPLES; i++) {
		struct zc_record *inner = zc_records_first();

		(void)zc_counters_begin(0, ZC_ORIGIN_USER, 0);
		(void)zc_counters_begin(0, ZC_ORIGIN_USER, 0);
		(void)zc_counters_end(0, NULL);
		/* Nothing else inside the outer region, or it would be taken for the inner's cost.
		 */
		(void)zc_counters_end(0, NULL);
		sample(overhead, inner);
		sample(nested, zc_records_next(inner));
		zc_recorder.record = inner;
	}
	for (size_t i = 0; i < zc_selection.num_numbers; i++) {
		nested[i] -= MIN(nested[i], overhead[i]);
	}
}

/* List the positions of running counters whose number is the one it was. */
static void find_standing(const uint64_t *first, const uint64_t *now)
{
	zc_calibration.num_stuck = 0;
	for (size_t i = 1; i < zc_selection.num_numbers; i++) {
		if ((zc_selection.traits[i] & ZC_TRAIT_RUNNING) != 0 && first[i] == now[i]) {
			zc_calibration.stuck[zc_calibration.num_stuck++] =
				zc_selection.positions[i];
		}
	}
}

/* One region begins, then another one in it again and again, which reads the numbers. */
static void find_stuck(void)
{
	const uint64_t *first = zc_recorder.regions[0].numbers;
	const uint64_t *now = zc_recorder.regions[1].numbers;
	uint64_t patience = zc_port_clock_hz() / STUCK_SHARE;
	unsigned int reads = STUCK_READS;

	/* They are never ended, so they must not lock interrupts. */
	zc_recorder.careful = &zc_recorder.regions[ARRAY_SIZE(zc_recorder.regions)];
	(void)zc_counters_begin(0, ZC_ORIGIN_USER, 0);
	do {
		zc_recorder.next = &zc_recorder.regions[1];
		(void)zc_counters_begin(0, ZC_ORIGIN_USER, 0);
		find_standing(first, now);
	} while (zc_calibration.num_stuck != 0 && now[0] - first[0] <= patience && --reads > 0);
}

void zc_calibrate(void)
{
	zc_recorder_reset();
	zc_calibration.catalog_crc = zc_counters_catalog_crc();
	measure_cost();
	find_stuck();
	zc_recorder_reset();
}
