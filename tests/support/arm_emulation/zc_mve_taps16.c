/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* The function of compile/kernels/mve/zc_mve_taps16.c, from the description in its header. */

#include <string.h>

#include "zc_mve_depthwise.h"

static const int lanes[16] = {0, 4, 8, 12, 2, 6, 10, 14, 1, 5, 9, 13, 3, 7, 11, 15};

void zc_mve_taps16(const int8_t *const *taps, const int8_t *blocks, int8_t *y, int32_t num_blocks,
		   int32_t zero)
{
	for (int32_t first = 0; first < num_blocks * 16; first += 16) {
		int32_t start[16];
		const int8_t *weight = blocks + sizeof(start);
		const int8_t *scale = weight + 9 * 16;

		memcpy(start, blocks, sizeof(start));
		for (int i = 0; i < 16; i++) {
			int32_t sum = start[i];
			int32_t multiplier;
			int32_t shift;
			int64_t value;

			for (int tap = 0; tap < 9; tap++) {
				sum += taps[tap][first + lanes[i]] * weight[tap * 16 + lanes[i]];
			}
			memcpy(&multiplier, scale + i / 4 * 32 + i % 4 * 4, 4);
			memcpy(&shift, scale + i / 4 * 32 + 16 + i % 4 * 4, 4);
			value = (int64_t)sum * multiplier >> 32;
			value = ((value + ((int64_t)1 << (-shift - 1))) >> -shift) + zero;
			y[first + lanes[i]] = (int8_t)(value < INT8_MIN   ? INT8_MIN
						       : value > INT8_MAX ? INT8_MAX
									  : value);
		}
		blocks = scale + 128;
	}
}
