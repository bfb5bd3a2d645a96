/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <string.h>

#include <zephyr/sys/byteorder.h>

#include <zephyr_counters/error.h>

#include "cbor.h"
#include "records.h"
#include "sink.h"

#define RECORDS_VERSION 1
#define CRC_SIZE        4

static void put_uint(struct zc_sink *sink, uint64_t value)
{
	zc_cbor_put(sink, ZC_CBOR_UINT, value);
}

static void put_measure(struct zc_sink *sink, const struct zc_measure *measure)
{
	zc_cbor_put(sink, ZC_CBOR_ARRAY, 1U + zc_selection.num_values);
	put_uint(sink, measure->ticks);
	for (size_t i = 0; i < zc_selection.num_values; i++) {
		put_uint(sink, measure->values[i]);
	}
}

static void put_stuck(struct zc_sink *sink)
{
	unsigned int num = 0;

	for (uint32_t bits = zc_calibration.stuck; bits != 0; bits &= bits - 1U) {
		num++;
	}
	zc_cbor_put(sink, ZC_CBOR_ARRAY, num);
	for (unsigned int i = 0; i < CONFIG_ZC_MAX_SELECTED; i++) {
		if ((zc_calibration.stuck >> i & 1U) != 0) {
			put_uint(sink, i);
		}
	}
}

static void put_chunks(struct zc_sink *sink, const uint8_t *at, unsigned int num)
{
	zc_cbor_put(sink, ZC_CBOR_MAP, num);
	for (; num > 0; num--) {
		struct zc_chunk chunk;

		memcpy(&chunk, at, sizeof(chunk));
		at += sizeof(chunk);
		put_uint(sink, chunk.position);
		zc_cbor_put_bytes(sink, at, chunk.len);
		at += chunk.len;
	}
}

static void put_record(struct zc_sink *sink, const struct zc_record *record)
{
	zc_cbor_put(sink, ZC_CBOR_ARRAY,
		    5U + zc_selection.num_values + (record->num_chunks > 0 ? 1U : 0U));
	put_uint(sink, record->tag);
	put_uint(sink, record->repetition);
	put_uint(sink, record->flags);
	put_uint(sink, record->wrapped);
	put_uint(sink, record->ticks);
	for (size_t i = 0; i < zc_selection.num_values; i++) {
		put_uint(sink, record->values[i]);
	}
	if (record->num_chunks > 0) {
		put_chunks(sink, (const uint8_t *)&record->values[zc_selection.num_values],
			   record->num_chunks);
	}
}

static void put_header(struct zc_sink *sink, uint32_t remaining, uint32_t num)
{
	zc_cbor_put(sink, ZC_CBOR_ARRAY, 9);
	put_uint(sink, RECORDS_VERSION);
	put_uint(sink, zc_calibration.catalog_crc);
	put_uint(sink, zc_selection.crc);
	put_measure(sink, &zc_calibration.overhead);
	put_measure(sink, &zc_calibration.nested);
	put_stuck(sink);
	put_uint(sink, zc_records.dropped);
	put_uint(sink, remaining);
	zc_cbor_put(sink, ZC_CBOR_ARRAY, num);
}

/* How many of the oldest fit. A lone one that does not goes without its opaque bytes. */
static uint32_t num_fitting(size_t max)
{
	struct zc_record *record = NULL;
	struct zc_count_sink count;

	zc_count_sink_init(&count);
	/* No number in it will be larger than these, so the real one is not longer. */
	put_header(&count.sink, zc_records.num, zc_records.num);
	count.bytes += CRC_SIZE;
	for (uint32_t i = 0; i < zc_records.num; i++) {
		size_t before = count.bytes;

		record = zc_records_next(record);
		put_record(&count.sink, record);
		if (count.bytes > max && i == 0 && record->num_chunks > 0) {
			record->num_chunks = 0;
			record->flags |= ZC_RECORD_CUT;
			count.bytes = before;
			put_record(&count.sink, record);
		}
		if (count.bytes > max) {
			return i;
		}
	}
	return count.bytes > max ? UINT32_MAX : zc_records.num;
}

int zc_counters_write_records(struct zc_sink *sink, size_t max)
{
	struct zc_record *record = NULL;
	uint32_t num = num_fitting(max);
	struct zc_crc_sink crc;
	uint8_t trailer[CRC_SIZE];

	if (num == UINT32_MAX || (num == 0 && zc_records.num > 0)) {
		return zc_error(-ENOBUFS, "a packet does not hold one record", NULL, 0);
	}
	zc_crc_sink_init(&crc, sink);
	put_header(&crc.sink, zc_records.num - num, num);
	for (uint32_t i = 0; i < num; i++) {
		record = zc_records_next(record);
		put_record(&crc.sink, record);
	}
	sys_put_be32(crc.crc, trailer);
	sink->write(sink, trailer, sizeof(trailer));
	zc_records.written = num;
	zc_records.written_dropped = zc_records.dropped;
	return 0;
}
