/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <string.h>

#include <zephyr_counters/cbor.h>

/* Additional information in an item's first byte: values below this are in it themselves. */
#define ONE_BYTE_FOLLOWS  24U
#define FOUR_BYTES_FOLLOW 26U

void zc_cbor_put(struct zc_sink *sink, uint8_t major, uint64_t value)
{
	uint8_t head[9];
	uint32_t high = (uint32_t)(value >> 32);
	uint32_t low = (uint32_t)value;
	size_t following = 0;

	if (high == 0 && low < ONE_BYTE_FOLLOWS) {
		head[0] = (uint8_t)(major | low);
	} else {
		unsigned int power = high != 0 ? 3 : low > 0xffffU ? 2 : low > 0xffU ? 1 : 0;

		head[0] = (uint8_t)(major | (ONE_BYTE_FOLLOWS + power));
		following = (size_t)1 << power;
		for (size_t i = following; i > 0; i--) {
			head[i] = (uint8_t)low;
			low = (low >> 8) | (high << 24);
			high >>= 8;
		}
	}
	sink->write(sink, head, following + 1);
}

void zc_cbor_put_array(struct zc_sink *sink, uint32_t num)
{
	zc_cbor_put(sink, ZC_CBOR_ARRAY, num);
}

void zc_cbor_put_uint(struct zc_sink *sink, uint32_t value)
{
	zc_cbor_put(sink, ZC_CBOR_UINT, value);
}

void zc_cbor_put_uints(struct zc_sink *sink, const uint32_t *values, uint32_t num)
{
	zc_cbor_put_array(sink, num);
	for (; num > 0; num--) {
		zc_cbor_put_uint(sink, *values++);
	}
}

static void put_string(struct zc_sink *sink, uint8_t major, const void *data, size_t len)
{
	zc_cbor_put(sink, major, len);
	sink->write(sink, data, len);
}

void zc_cbor_put_bytes(struct zc_sink *sink, const uint8_t *data, size_t len)
{
	put_string(sink, ZC_CBOR_BYTES, data, len);
}

void zc_cbor_put_text(struct zc_sink *sink, const char *text)
{
	put_string(sink, ZC_CBOR_TEXT, text, strlen(text));
}

uint32_t zc_cbor_get(struct zc_cbor_reader *reader, uint8_t major)
{
	const uint8_t *next = &reader->data[reader->at];
	size_t left = reader->len - reader->at;
	uint32_t value = 0;
	size_t size = 1;

	if (left > 0 && !reader->failed) {
		value = (uint32_t)*next - major;
		if (value >= ONE_BYTE_FOLLOWS && value <= FOUR_BYTES_FOLLOW) {
			size += (size_t)1 << (value - ONE_BYTE_FOLLOWS);
		}
	}
	if (left < size || value > FOUR_BYTES_FOLLOW) {
		reader->failed = true;
	}
	if (reader->failed) {
		return 0;
	}
	reader->at += size;
	if (size > 1) {
		value = 0;
		while (--size > 0) {
			value = (value << 8) | *++next;
		}
	}
	return value;
}
