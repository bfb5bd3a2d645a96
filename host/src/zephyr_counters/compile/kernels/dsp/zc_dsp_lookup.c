/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include "zc_dsp.h"
#include "zc_dsp_elementwise.h"
#include "zc_elementwise.h"

int32_t zc_dsp_lookup(const int8_t *x, const int32_t *op, int8_t *y)
{
	const struct zc_lookup *lookup = (const void *)op;
	const uint8_t *table = lookup->table;
	const int8_t *end = x + (lookup->size & ~3);

	for (; x != end; x += 4) {
		uint32_t word = (uint32_t)zc_dsp_word(x);
		uint32_t found = table[word & 0xff];

		found |= (uint32_t)table[word >> 8 & 0xff] << 8;
		found |= (uint32_t)table[word >> 16 & 0xff] << 16;
		found |= (uint32_t)table[word >> 24] << 24;
		zc_dsp_store(y, (int32_t)found);
		y += 4;
	}
	for (int32_t left = lookup->size & 3; left > 0; left--) {
		*y++ = (int8_t)table[(uint8_t)*x++];
	}
	return 0;
}
