/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* The measured path: everything here is between the instructions that are measured. */

#include <zephyr_counters/error.h>
#include <zephyr_counters/port.h>

#include "internal.h"

#define MAX_OPEN 2

struct region {
	uint64_t ticks;
	uint64_t values[CONFIG_ZC_MAX_SELECTED];
	uint32_t tag;
	unsigned int irq_key;
	uint16_t repetition;
	uint8_t flags;
};

static struct region regions[MAX_OPEN];
static uint8_t num_open;

bool zc_regions_closed(void)
{
	return num_open == 0;
}

/* What was collected before this region is not this region's. */
static void forget_opaque(void)
{
	for (size_t i = 0; i < zc_selection.num_positions; i++) {
		const struct device *dev;
		const struct hwcnt_counter *counter = zc_selected(&zc_selection, i, &dev);

		if (counter->kind == HWCNT_BYTES &&
		    hwcnt_drain(dev, zc_selection.counters[i], NULL, 0) != 0 && num_open > 0) {
			regions[num_open - 1].flags |= ZC_RECORD_CUT;
		}
	}
}

int zc_counters_begin(uint32_t tag, enum zc_origin origin, uint16_t repetition)
{
	struct region *region = &regions[num_open];

	if (num_open == MAX_OPEN) {
		return zc_error(-EBUSY, "two regions are open already", NULL, 0);
	}
	if (zc_selection.num_positions != zc_selection.num_values) {
		forget_opaque();
	}
	region->tag = tag;
	region->repetition = repetition;
	region->flags = (uint8_t)origin;
	num_open++;
	if (zc_selection.lock_irq) {
		region->flags |= ZC_RECORD_IRQ_LOCKED;
		region->irq_key = zc_port_irq_lock();
	}
	/*
	 * The clock is read first and, at the end, last: so a counter never advances for longer
	 * than the ticks say, whatever interrupts the reading, and the wrap check holds.
	 */
	region->ticks = zc_port_clock();
	zc_read_values(region->values);
	return 0;
}

static uint64_t low_bits(uint64_t value, unsigned int width)
{
	uint32_t low = (uint32_t)value;
	uint32_t high = (uint32_t)(value >> 32);

	/* Halves, as shifting 64 bits by a variable is a library call on a 32-bit processor. */
	if (width > 32) {
		high &= UINT32_MAX >> (64 - width);
	} else {
		high = 0;
		low &= UINT32_MAX >> (32 - width);
	}
	return ((uint64_t)high << 32) | low;
}

static void subtract(uint64_t *values, const uint64_t *begin)
{
	for (size_t i = 0; i < zc_selection.num_values; i++) {
		unsigned int width = zc_selection.widths[i];
		uint64_t value = values[i];

		if ((width & ZC_WIDTH_LEVEL) == 0) {
			value -= begin[i];
		}
		values[i] = low_bits(value, width & ~ZC_WIDTH_LEVEL);
	}
}

int zc_counters_end(uint32_t flags, uint64_t *ticks)
{
	struct zc_record *record;
	struct region *region;
	uint64_t duration;

	if (num_open == 0) {
		return zc_error(-EALREADY, "no region is open", NULL, 0);
	}
	record = zc_records_reserve();
	if (record != NULL) {
		zc_read_values(record->values);
	}
	duration = zc_port_clock();
	num_open--;
	region = &regions[num_open];
	duration -= region->ticks;
	if ((region->flags & ZC_RECORD_IRQ_LOCKED) != 0) {
		zc_port_irq_unlock(region->irq_key);
	}
	if (ticks != NULL) {
		*ticks = duration;
	}
	if (record == NULL) {
		zc_records_drop();
		return zc_error(-ENOBUFS, "the record buffer is full", NULL, 0);
	}
	subtract(record->values, region->values);
	record->ticks = duration;
	record->tag = region->tag;
	record->wrapped = duration < zc_calibration.wrap_ticks ? 0 : zc_wrapped(duration);
	record->repetition = region->repetition;
	record->flags = (uint8_t)(region->flags | flags);
	zc_records_commit(record);
	return 0;
}

void zc_counters_abort(void)
{
	while (num_open > 0) {
		(void)zc_counters_end(ZC_RECORD_UNFINISHED, NULL);
	}
}
