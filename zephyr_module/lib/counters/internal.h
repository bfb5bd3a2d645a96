/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* What the files of this folder share: the selection, its calibration, the records. */

#ifndef ZC_COUNTERS_INTERNAL_H_
#define ZC_COUNTERS_INTERNAL_H_

#include <zephyr/drivers/hwcnt.h>
#include <zephyr/sys/util.h>

#include <zephyr_counters/counters.h>

/* A record's numbers: its ticks, then a value for each position that is not HWCNT_BYTES. */
#define ZC_MAX_NUMBERS (1U + CONFIG_ZC_MAX_SELECTED)

/* zc_selection.traits: bits - 1, and what the counter is. */
#define ZC_TRAIT_BITS    0x3fU
#define ZC_TRAIT_RUNNING 0x40U
#define ZC_TRAIT_LEVEL   0x80U

/* Upper half of a label: the repetition, the flags, and how many chunks of opaque bytes follow. */
#define ZC_ABOUT_FLAGS(flags) ((uint32_t)(flags) << 16)
#define ZC_ABOUT_ONE_CHUNK    (1UL << 24)

/* Both halves of a label at once, as it is copied in one go on the measured path. */
#define ZC_LABEL(tag, about) ((uint64_t)(about) << 32 | (tag))
#define ZC_TAG(label)        ((uint32_t)(label))
#define ZC_ABOUT(label)      ((uint32_t)((label) >> 32))

/* A selection's bytes: [version, id, flags, groups]. */
#define ZC_SELECTION_VERSION 2U
#define ZC_SELECTION_ITEMS   4U

/* A provider and its part of the selection; `read` is its driver's, so that it is found at once. */
struct zc_group {
	const struct device *dev;
	void (*read)(const struct device *dev, uint64_t *values);
	/* Where in a record's numbers its values begin. */
	uint8_t first_number;
	uint8_t num_positions;
};

struct zc_selection {
	uint8_t num_groups;
	uint8_t num_positions;
	uint8_t num_numbers;
	bool lock_irq;
	bool has_opaque;
	/* Not all of it is done by the measured path itself, see careful.c. */
	bool needs_care;
	/* One a position. */
	uint16_t counters[CONFIG_ZC_MAX_SELECTED];
	/* One a number: what it is, and its position. */
	uint8_t traits[ZC_MAX_NUMBERS];
	uint8_t positions[ZC_MAX_NUMBERS];
	struct zc_group groups[CONFIG_ZC_MAX_PROVIDERS];
	uint32_t crc;
};

/* Saturated, as no region this short takes that long. */
typedef uint32_t zc_measure[ZC_MAX_NUMBERS];

/* zc_calibration.cost: of an empty region, and what one adds to the region around it. */
#define ZC_OVERHEAD 0
#define ZC_NESTED   1

struct zc_calibration {
	zc_measure cost[2];
	/* Positions. */
	uint32_t stuck[CONFIG_ZC_MAX_SELECTED];
	uint32_t num_stuck;
	uint32_t catalog_crc;
};

/* Also as it lies in the record buffer, where chunks of opaque bytes follow. */
struct zc_record {
	uint64_t label;
	uint64_t numbers[];
};

/* A region that is open: a record of what the numbers were when it began. */
struct zc_region {
	uint64_t label;
	uint64_t numbers[ZC_MAX_NUMBERS];
	unsigned int irq_key;
};

/* What zc_counters_begin() and zc_counters_end() work on. */
struct zc_recorder {
	/* The region to begin next; those before it are open. */
	struct zc_region *next;
	/* From this region on, care is needed: too many are open, or the selection asks for it. */
	struct zc_region *careful;
	/* After the last of the selection; without any, after the first, which reads nothing. */
	const struct zc_group *groups_end;
	/* Where the next record goes. If that is after `last`, it does not stay there. */
	struct zc_record *record;
	struct zc_record *last;
	/* Of a record without chunks, in bytes, and its values; counted as one if there are none.
	 */
	uint32_t record_size;
	uint32_t num_values;
	struct zc_region regions[2];
};

#define ZC_RECORD_SIZE(num_values)                                                                 \
	((uint32_t)(sizeof(struct zc_record) + (1U + (num_values)) * sizeof(uint64_t)))

/* After a record's numbers: opaque bytes, and what fills up to the alignment of a record. */
struct zc_chunk {
	uint16_t position;
	uint16_t len;
	uint8_t bytes[];
};

/* Where the next chunk is. */
static inline struct zc_chunk *zc_chunk_next(struct zc_chunk *chunk)
{
	return (void *)((uint8_t *)chunk + ROUND_UP(sizeof(*chunk) + chunk->len, sizeof(uint64_t)));
}

extern struct zc_selection zc_selection;
extern struct zc_calibration zc_calibration;
extern struct zc_recorder zc_recorder;
extern uint64_t zc_record_buffer[CONFIG_ZC_RECORD_BUFFER_SIZE / sizeof(uint64_t)];

BUILD_ASSERT(CONFIG_ZC_MAX_OPAQUE <= UINT16_MAX, "a chunk's length has 16 bits");

/* Read all values of the selection; last group first, as that takes the fewest instructions. */
static ALWAYS_INLINE void zc_read_values(uint64_t *numbers)
{
	const struct zc_group *group = zc_recorder.groups_end;

	do {
		group--;
		group->read(group->dev, &numbers[group->first_number]);
	} while (group != zc_selection.groups);
}

/* Measure with the selection as it now is, forgetting all records. */
void zc_recorder_reset(void);

/* What a region beyond zc_recorder.careful needs before it is measured. 0 or -EBUSY. */
int zc_begin_carefully(struct zc_region *region);

/* What it needs afterwards, when its record has been made of the lower halves of its numbers. */
void zc_end_carefully(const struct zc_region *region, struct zc_record *record);

/* Take back the record that went where there must always be room for one. -ENOBUFS */
int zc_records_drop(struct zc_record *record);

static inline void *zc_records_first(void)
{
	return zc_record_buffer;
}

static inline void *zc_record_chunks(const struct zc_record *record)
{
	return (uint8_t *)record + zc_recorder.record_size;
}

/* The record after this one, or where it would be. */
struct zc_record *zc_records_next(struct zc_record *record);

/* A number of a record, with the bits that its counter has. */
uint64_t zc_records_number(const struct zc_record *record, size_t number);

/*
 * Put what providers collected after the record that is last in the buffer, and into its label how
 * many chunks that is, or that bytes were cut: all of them if none are `allowed`.
 */
void zc_records_add_opaque(uint64_t *label, size_t allowed);

/* For the selection as it is: what measuring costs, and which counters do not advance. */
void zc_calibrate(void);

#endif /* ZC_COUNTERS_INTERNAL_H_ */
