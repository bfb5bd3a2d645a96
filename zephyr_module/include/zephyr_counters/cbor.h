/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief RFC 8949, as much of it as docs/blob.cddl uses: a writer, and a reader for selections.
 */

#ifndef ZEPHYR_COUNTERS_CBOR_H_
#define ZEPHYR_COUNTERS_CBOR_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <zephyr_counters/sink.h>

/** Major types, where they are in an item's first byte. */
#define ZC_CBOR_UINT   0x00U
#define ZC_CBOR_BYTES  0x40U
#define ZC_CBOR_TEXT   0x60U
#define ZC_CBOR_ARRAY  0x80U
#define ZC_CBOR_MAP    0xa0U
#define ZC_CBOR_SIMPLE 0xe0U

/** Value of ZC_CBOR_SIMPLE. */
#define ZC_CBOR_NULL 22U

/** An integer, or the head of what is `value` long, as short as it can be. */
void zc_cbor_put(struct zc_sink *sink, uint8_t major, uint64_t value);
void zc_cbor_put_array(struct zc_sink *sink, uint32_t num);
void zc_cbor_put_uint(struct zc_sink *sink, uint32_t value);
/** An array of integers. */
void zc_cbor_put_uints(struct zc_sink *sink, const uint32_t *values, uint32_t num);
void zc_cbor_put_bytes(struct zc_sink *sink, const uint8_t *data, size_t len);
void zc_cbor_put_text(struct zc_sink *sink, const char *text);

struct zc_cbor_reader {
	const uint8_t *data;
	size_t len;
	/** Bytes read so far; after a failure, where the item begins that is not as expected. */
	size_t at;
	bool failed;
};

/** An integer below 2^32, or the head of what is that long; 0 if it is not, and ever after. */
uint32_t zc_cbor_get(struct zc_cbor_reader *reader, uint8_t major);

#endif /* ZEPHYR_COUNTERS_CBOR_H_ */
