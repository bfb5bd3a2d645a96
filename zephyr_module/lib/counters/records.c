/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * The record buffer: records one after the other, oldest first. Those that were taken go away all
 * at once, so the rest moves to the front and no record is ever in two pieces.
 */

#include <string.h>

#include "internal.h"
#include "records.h"

struct zc_taking zc_taking;

struct zc_record *zc_records_next(struct zc_record *record)
{
	struct zc_chunk *chunk = zc_record_chunks(record);

	for (uint32_t left = ZC_ABOUT(record->label) / ZC_ABOUT_ONE_CHUNK; left > 0; left--) {
		chunk = zc_chunk_next(chunk);
	}
	return (void *)chunk;
}

uint64_t zc_records_number(const struct zc_record *record, size_t number)
{
	unsigned int unused = ZC_TRAIT_BITS - (zc_selection.traits[number] & ZC_TRAIT_BITS);
	uint32_t low = (uint32_t)record->numbers[number];
	uint32_t high = (uint32_t)(record->numbers[number] >> 32);

	/* Halves, as shifting 64 bits by a variable takes long on a 32-bit processor. */
	if (unused < 32) {
		high &= UINT32_MAX >> unused;
	} else {
		high = 0;
		low &= UINT32_MAX >> (unused - 32);
	}
	return ((uint64_t)high << 32) | low;
}

/* The bytes that a counter collected, at most `allowed`, and how many they are. */
static size_t add_chunk(uint64_t *label, const struct device *dev, size_t position, size_t allowed)
{
	struct zc_chunk *chunk = (void *)zc_recorder.record;
	/* After it there must be room for the record that is dropped if the buffer is full. */
	uint8_t *end = (uint8_t *)zc_recorder.last + zc_recorder.record_size;
	size_t room = 0;
	int moved;

	/* What is left is a multiple of the alignment, so a chunk's head fits if anything does. */
	if ((uint8_t *)chunk < end) {
		room = MIN((size_t)(end - chunk->bytes), allowed);
	}
	moved = hwcnt_drain(dev, zc_selection.counters[position], room == 0 ? NULL : chunk->bytes,
			    room);
	if (moved < 0 || (size_t)moved > room) {
		*label |= ZC_LABEL(0U, ZC_ABOUT_FLAGS(ZC_RECORD_CUT));
		moved = moved == -ENOBUFS ? (int)room : 0;
	}
	if (moved > 0) {
		chunk->position = (uint16_t)position;
		chunk->len = (uint16_t)moved;
		zc_recorder.record = (void *)zc_chunk_next(chunk);
		*label += ZC_LABEL(0U, ZC_ABOUT_ONE_CHUNK);
	}
	return (size_t)moved;
}

void zc_records_add_opaque(uint64_t *label, size_t allowed)
{
	const struct zc_group *group = zc_selection.groups;
	size_t position = 0;

	for (size_t groups = zc_selection.num_groups; groups > 0; groups--, group++) {
		const struct hwcnt_counter *counters = hwcnt_info(group->dev)->counters;

		for (size_t left = group->num_positions; left > 0; left--, position++) {
			if (counters[zc_selection.counters[position]].kind == HWCNT_BYTES) {
				allowed -= add_chunk(label, group->dev, position, allowed);
			}
		}
	}
}

void zc_counters_taken(void)
{
	uint8_t *end = (uint8_t *)zc_recorder.record;
	uint8_t *first = zc_records_first();
	size_t left = (size_t)(end - first) - zc_taking.written;

	memmove(first, first + zc_taking.written, left);
	zc_recorder.record = (void *)(first + left);
	zc_taking.dropped -= zc_taking.written_dropped;
	zc_counters_not_taken();
}

void zc_counters_not_taken(void)
{
	zc_taking.written = 0;
	zc_taking.written_dropped = 0;
}
