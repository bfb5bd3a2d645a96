/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * The record buffer: records one behind the other, oldest first. Those that were taken go away all
 * at once, so the rest moves to the front and no record is ever in two pieces.
 */

#include <string.h>

#include "internal.h"
#include "records.h"

#define ALIGNMENT sizeof(uint64_t)
#define WORDS     (CONFIG_ZC_RECORD_BUFFER_SIZE / ALIGNMENT)

BUILD_ASSERT(sizeof(struct zc_record) == 24, "a record has no holes");

struct zc_records zc_records;

static uint64_t buffer[WORDS];
static uint32_t used;

static uint8_t *at(uint32_t offset)
{
	return (uint8_t *)buffer + offset;
}

static uint32_t size_of(size_t num_values)
{
	return (uint32_t)(sizeof(struct zc_record) + num_values * sizeof(uint64_t));
}

bool zc_records_fit(size_t num_values)
{
	return 2 * size_of(num_values) <= sizeof(buffer);
}

struct zc_record *zc_records_reserve(void)
{
	if (sizeof(buffer) - used < size_of(zc_selection.num_values)) {
		return NULL;
	}
	return (void *)at(used);
}

void zc_records_drop(void)
{
	if (zc_records.dropped != UINT32_MAX) {
		zc_records.dropped++;
	}
}

/* What the provider collected, behind what the record holds already. */
static void append_chunk(struct zc_record *record, const struct device *dev, size_t position,
			 size_t room)
{
	uint8_t *end = (uint8_t *)record + record->size;
	struct zc_chunk chunk = {.position = (uint16_t)position};
	int moved = hwcnt_drain(dev, zc_selection.counters[position],
				room == 0 ? NULL : end + sizeof(chunk), room);

	if (moved == 0) {
		return;
	}
	if (moved < 0 || (size_t)moved > room) {
		record->flags |= ZC_RECORD_CUT;
		moved = moved == -ENOBUFS ? (int)room : 0;
	}
	if (moved > 0) {
		chunk.len = (uint16_t)moved;
		memcpy(end, &chunk, sizeof(chunk));
		record->size += (uint32_t)(sizeof(chunk) + chunk.len);
		record->num_chunks++;
	}
}

static void append_opaque(struct zc_record *record)
{
	size_t allowed = CONFIG_ZC_MAX_OPAQUE;

	for (size_t i = 0; i < zc_selection.num_positions; i++) {
		const struct device *dev;
		size_t left = sizeof(buffer) - used - record->size;
		uint32_t before = record->size;

		if (zc_selected(&zc_selection, i, &dev)->kind != HWCNT_BYTES) {
			continue;
		}
		left = left > sizeof(struct zc_chunk) ? left - sizeof(struct zc_chunk) : 0;
		append_chunk(record, dev, i, MIN(left, allowed));
		if (record->size > before) {
			allowed -= record->size - before - sizeof(struct zc_chunk);
		}
	}
	record->size = ROUND_UP(record->size, (uint32_t)ALIGNMENT);
}

void zc_records_commit(struct zc_record *record)
{
	record->num_chunks = 0;
	record->size = size_of(zc_selection.num_values);
	if (zc_selection.num_positions != zc_selection.num_values) {
		append_opaque(record);
	}
	used += record->size;
	zc_records.num++;
}

void zc_records_clear(void)
{
	used = 0;
	memset(&zc_records, 0, sizeof(zc_records));
}

const struct zc_record *zc_records_first(void)
{
	return zc_records_next(NULL);
}

struct zc_record *zc_records_next(const struct zc_record *record)
{
	return (void *)(record == NULL ? at(0) : at((uint32_t)((const uint8_t *)record - at(0)) +
						     record->size));
}

void zc_counters_taken(void)
{
	struct zc_record *rest = NULL;
	uint32_t taken;

	if (zc_records.written == 0 && zc_records.written_dropped == 0) {
		return;
	}
	for (rest = zc_records_next(NULL); zc_records.written > 0; zc_records.written--) {
		rest = zc_records_next(rest);
		zc_records.num--;
	}
	taken = (uint32_t)((uint8_t *)rest - at(0));
	used -= taken;
	memmove(buffer, rest, used);
	zc_records.dropped -= zc_records.written_dropped;
	zc_records.written_dropped = 0;
}

void zc_counters_not_taken(void)
{
	zc_records.written = 0;
	zc_records.written_dropped = 0;
}
