/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* What the files of this folder share: the selection, its calibration, the record buffer. */

#ifndef ZC_COUNTERS_INTERNAL_H_
#define ZC_COUNTERS_INTERNAL_H_

#include <zephyr/drivers/hwcnt.h>
#include <zephyr/sys/util.h>

#include <zephyr_counters/counters.h>

/* Set in zc_selection.widths for HWCNT_LEVEL. */
#define ZC_WIDTH_LEVEL 0x80U

/* A provider and its part of the selection. */
struct zc_group {
	const struct device *dev;
	uint8_t provider;
	/* Positions, and how many of them have a value: all but HWCNT_BYTES. */
	uint8_t num_positions;
	uint8_t num_values;
};

struct zc_selection {
	struct zc_group groups[CONFIG_ZC_MAX_PROVIDERS];
	/* One a position. */
	uint16_t counters[CONFIG_ZC_MAX_SELECTED];
	/* One a value. */
	uint8_t widths[CONFIG_ZC_MAX_SELECTED];
	uint8_t num_groups;
	uint8_t num_positions;
	uint8_t num_values;
	bool lock_irq;
	uint32_t crc;
};

/* Saturated, as no region this short takes that long. */
struct zc_measure {
	uint32_t ticks;
	uint32_t values[CONFIG_ZC_MAX_SELECTED];
};

struct zc_calibration {
	struct zc_measure overhead;
	struct zc_measure nested;
	/* A bit a position. */
	uint32_t stuck;
	uint32_t catalog_crc;
	/* The shortest region in which any of the counters may wrap more than once. */
	uint64_t wrap_ticks;
};

/* As it lies in the record buffer: values follow, then chunks of opaque bytes. */
struct zc_record {
	uint64_t ticks;
	uint32_t tag;
	/* A bit a value. */
	uint32_t wrapped;
	uint16_t repetition;
	uint8_t flags;
	uint8_t num_chunks;
	/* All of it, a multiple of its alignment. */
	uint32_t size;
	uint64_t values[];
};

extern struct zc_selection zc_selection;
extern struct zc_calibration zc_calibration;

BUILD_ASSERT(CONFIG_ZC_MAX_SELECTED <= 32, "stuck and wrapped have 32 bits");
BUILD_ASSERT(CONFIG_ZC_MAX_OPAQUE <= UINT16_MAX, "a chunk's length has 16 bits");

/* The counter at a position, and its provider. */
const struct hwcnt_counter *zc_selected(const struct zc_selection *selection, size_t position,
					const struct device **dev);

/* Read all values of the selection. */
static inline void zc_read_values(uint64_t *values)
{
	const struct zc_group *group = zc_selection.groups;

	for (size_t i = zc_selection.num_groups; i > 0; i--) {
		hwcnt_read(group->dev, values);
		values += group->num_values;
		group++;
	}
}

/* Nothing is open, so the selection may change. */
bool zc_regions_closed(void);

/* For the selection as it is: what measuring costs, which counters do not advance or may wrap. */
void zc_calibrate(void);

/* The values of a region of `ticks` that may have wrapped more than once: a bit each. */
uint32_t zc_wrapped(uint64_t ticks);

/* Room for a record of the selection without opaque bytes, not yet in the buffer; NULL if full. */
struct zc_record *zc_records_reserve(void);

/* Collect opaque bytes behind the record and put it into the buffer. */
void zc_records_commit(struct zc_record *record);

/* Count a record for which there was no room. */
void zc_records_drop(void);

void zc_records_clear(void);

/* The oldest record; only valid if there is one. */
const struct zc_record *zc_records_first(void);

/* Whether the buffer can hold a record of that many values and another one inside its region. */
bool zc_records_fit(size_t num_values);

/* Behind a record's values: a selection position, a length, and that many opaque bytes. */
struct zc_chunk {
	uint16_t position;
	uint16_t len;
};

#endif /* ZC_COUNTERS_INTERNAL_H_ */
