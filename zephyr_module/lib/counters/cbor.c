/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include "cbor.h"

#include <string.h>

/* Additional information in an item's first byte: values below this stand there themselves. */
#define ONE_BYTE_FOLLOWS   24U
#define FOUR_BYTES_FOLLOW  26U
#define ADDITIONAL         0x1fU
#define NULL_ITEM          0xf6U

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

void zc_cbor_put_bytes(struct zc_sink *sink, const uint8_t *data, size_t len)
{
	zc_cbor_put(sink, ZC_CBOR_BYTES, len);
	sink->write(sink, data, len);
}

void zc_cbor_put_text(struct zc_sink *sink, const char *text)
{
	size_t len = strlen(text);

	zc_cbor_put(sink, ZC_CBOR_TEXT, len);
	sink->write(sink, (const uint8_t *)text, len);
}

void zc_cbor_put_null(struct zc_sink *sink)
{
	const uint8_t item = NULL_ITEM;

	sink->write(sink, &item, 1);
}

bool zc_cbor_get(struct zc_cbor_reader *reader, uint8_t major, uint32_t *value)
{
	const uint8_t *next = &reader->data[reader->at];
	size_t left = reader->len - reader->at;
	uint32_t additional;
	size_t following;

	if (left == 0 || (*next & ~ADDITIONAL) != major) {
		return false;
	}
	additional = *next & ADDITIONAL;
	if (additional > FOUR_BYTES_FOLLOW) {
		return false;
	}
	following = additional < ONE_BYTE_FOLLOWS ? 0 : (size_t)1 << (additional - ONE_BYTE_FOLLOWS);
	if (left <= following) {
		return false;
	}
	if (following > 0) {
		additional = 0;
		for (size_t i = 1; i <= following; i++) {
			additional = (additional << 8) | next[i];
		}
	}
	*value = additional;
	reader->at += following + 1;
	return true;
}
