/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * The measured path: what every region needs, as short as it can be. bench/cost.py counts it.
 */

#include <zephyr_counters/error.h>
#include <zephyr_counters/port.h>

#include "internal.h"

struct zc_recorder zc_recorder;

uint64_t zc_record_buffer[CONFIG_ZC_RECORD_BUFFER_SIZE / sizeof(uint64_t)];

int zc_counters_begin(uint32_t tag, enum zc_origin origin, uint16_t repetition)
{
	struct zc_region *region = zc_recorder.next;

	if (region >= zc_recorder.careful && zc_begin_carefully(region) != 0) {
		return -EBUSY;
	}
	region->label = ZC_LABEL(tag, ZC_ABOUT_FLAGS(origin) | repetition);
	zc_recorder.next = region + 1;
	/*
	 * The clock is read first and, at the end, last: so a counter never advances for longer
	 * than the ticks say, whatever interrupts the reading, and the wrap check holds.
	 */
	region->numbers[0] = zc_port_clock();
	zc_read_values(region->numbers);
	return 0;
}

/*
 * Of all numbers but the ticks; wider ones get their upper halves in zc_end_carefully(). There is
 * room for one in each record, so that the loop needs no test before it.
 */
static ALWAYS_INLINE void subtract_low_halves(uint64_t *end, const uint64_t *begin)
{
	size_t left = zc_recorder.num_values;

	do {
		end++;
		begin++;
		*end = (*end & ~(uint64_t)UINT32_MAX) | (uint32_t)(*end - *begin);
	} while (--left > 0);
}

int zc_counters_end(uint32_t flags, uint64_t *ticks)
{
	struct zc_record *record = zc_recorder.record;
	/* Read once, so that it never passes the first region, whatever other threads do. */
	struct zc_region *region = *(struct zc_region *volatile *)&zc_recorder.next;

	/* It is NULL before zc_counters_init(). */
	if (region <= zc_recorder.regions) {
		return zc_error(-EALREADY, ZC_ERROR_REGION_NOT_OPEN, 0);
	}
	region--;
	zc_recorder.next = region;
	zc_recorder.record = (void *)((uint8_t *)record + zc_recorder.record_size);
	record->label = region->label | ZC_LABEL(0U, ZC_ABOUT_FLAGS(flags));
	zc_read_values(record->numbers);
	record->numbers[0] = zc_port_clock() - region->numbers[0];
	if (ticks != NULL) {
		*ticks = record->numbers[0];
	}
	subtract_low_halves(record->numbers, region->numbers);
	if (region >= zc_recorder.careful) {
		zc_end_carefully(region, record);
	}
	return record > zc_recorder.last ? zc_records_drop(record) : 0;
}

void zc_counters_abort(void)
{
	while (zc_recorder.next > zc_recorder.regions) {
		(void)zc_counters_end(ZC_RECORD_UNFINISHED, NULL);
	}
}
