/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <string.h>

#include <zephyr/sys/byteorder.h>

#include <zephyr_counters/cbor.h>
#include <zephyr_counters/error.h>

#include "records.h"
#include "sink.h"

#define RECORDS_VERSION 3
#define CRC_SIZE        4

static void put_chunks(struct zc_sink *sink, struct zc_chunk *chunk, uint32_t num)
{
	zc_cbor_put(sink, ZC_CBOR_MAP, num);
	for (; num > 0; num--) {
		zc_cbor_put_uint(sink, chunk->position);
		zc_cbor_put_bytes(sink, chunk->bytes, chunk->len);
		chunk = zc_chunk_next(chunk);
	}
}

static void put_record(struct zc_sink *sink, const struct zc_record *record)
{
	uint32_t about = ZC_ABOUT(record->label);
	uint32_t num_chunks = about / ZC_ABOUT_ONE_CHUNK;
	uint32_t num = zc_selection.num_numbers;

	zc_cbor_put_array(sink, 3U + num + (num_chunks != 0));
	zc_cbor_put_uint(sink, ZC_TAG(record->label));
	zc_cbor_put_uint(sink, about & 0xffffU);
	zc_cbor_put_uint(sink, about >> 16 & 0xffU);
	for (size_t i = 0; i < num; i++) {
		zc_cbor_put(sink, ZC_CBOR_UINT, zc_records_number(record, i));
	}
	if (num_chunks != 0) {
		put_chunks(sink, zc_record_chunks(record), num_chunks);
	}
}

static void put_header(struct zc_sink *sink, uint32_t request, uint32_t remaining, uint32_t num)
{
	zc_cbor_put_array(sink, 10);
	zc_cbor_put_uint(sink, RECORDS_VERSION);
	zc_cbor_put_uint(sink, request);
	zc_cbor_put_uint(sink, zc_calibration.catalog_crc);
	zc_cbor_put_uint(sink, zc_selection.crc);
	zc_cbor_put_uints(sink, zc_calibration.cost[ZC_OVERHEAD], zc_selection.num_numbers);
	zc_cbor_put_uints(sink, zc_calibration.cost[ZC_NESTED], zc_selection.num_numbers);
	zc_cbor_put_uints(sink, zc_calibration.stuck, zc_calibration.num_stuck);
	zc_cbor_put_uint(sink, zc_taking.dropped);
	zc_cbor_put_uint(sink, remaining);
	zc_cbor_put_array(sink, num);
}

/* What of the buffer goes into a blob. */
struct portion {
	uint32_t num;
	/* Records after these, for later blobs. */
	uint32_t remaining;
	struct zc_record *end;
};

static bool divide(struct portion *portion, size_t max, uint32_t request)
{
	struct zc_record *record = zc_records_first();
	uint32_t most = (uint32_t)(zc_recorder.record - record);
	struct zc_tap count;

	*portion = (struct portion){.end = record};
	zc_tap_init(&count, NULL);
	/* No number in it will be larger than these, so the real one is not longer. */
	put_header(&count.sink, request, most, most);
	count.bytes += CRC_SIZE;
	while (record != zc_recorder.record) {
		put_record(&count.sink, record);
		record = zc_records_next(record);
		if (count.bytes > max) {
			portion->remaining++;
		} else {
			portion->num++;
			portion->end = record;
		}
	}
	return portion->num > 0 || count.bytes <= max;
}

int zc_counters_write_records(struct zc_sink *sink, size_t max, uint32_t request)
{
	struct zc_record *record = zc_records_first();
	struct portion portion;
	struct zc_tap crc;
	uint8_t trailer[CRC_SIZE];

	if (!divide(&portion, max, request)) {
		return zc_error(-ENOBUFS, ZC_ERROR_PACKET_TOO_SMALL, 0);
	}
	zc_tap_init(&crc, sink);
	put_header(&crc.sink, request, portion.remaining, portion.num);
	for (; record != portion.end; record = zc_records_next(record)) {
		put_record(&crc.sink, record);
	}
	sys_put_be32(crc.crc, trailer);
	sink->write(sink, trailer, sizeof(trailer));
	zc_taking.written = (uint32_t)((uint8_t *)portion.end - (uint8_t *)zc_record_buffer);
	zc_taking.written_dropped = zc_taking.dropped;
	return 0;
}
