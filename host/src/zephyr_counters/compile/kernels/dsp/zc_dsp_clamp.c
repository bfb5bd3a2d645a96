/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include "zc_dsp_clamp.h"
#include "zc_dsp.h"

static int8_t limited(int8_t value, int32_t low, int32_t high)
{
	return (int8_t)(value < low ? low : value > high ? high : value);
}

void zc_dsp_clamp(int8_t *y, int32_t size, int32_t low, int32_t high, int32_t flip)
{
	const int8_t *end = y + size;
	int32_t lowest = (int32_t)((low & 0xff) * 0x01010101U);
	int32_t highest = (int32_t)((high & 0xff) * 0x01010101U);

	if (low == INT8_MIN && high == INT8_MAX && flip == 0) {
		return;
	}
	while (end - y >= 4) {
		int32_t word = zc_dsp_max_bytes(zc_dsp_word(y), lowest);

		zc_dsp_store(y, zc_dsp_min_bytes(word, highest) ^ flip);
		y += 4;
	}
	while (y != end) {
		*y = (int8_t)(limited(*y, low, high) ^ flip);
		y++;
	}
}
