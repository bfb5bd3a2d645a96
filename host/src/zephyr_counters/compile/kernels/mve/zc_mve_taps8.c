/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <arm_mve.h>

#include "zc_mve.h"
#include "zc_mve_depthwise.h"

void zc_mve_taps8(const int8_t *const *taps, int32_t num_taps, const int8_t *blocks, int8_t *y,
		  int32_t channels, int32_t zero)
{
	for (int32_t c = 0; c < channels; c += 8) {
		const int8_t *const *tap = taps;
		int32x4_t even = vreinterpretq_s32_s8(vldrbq_s8(blocks));
		int32x4_t odd = vreinterpretq_s32_s8(vldrbq_s8(blocks + 16));
		int16x8_t sums;

		blocks += 32;
		for (int32_t t = num_taps; t > 0; t--) {
			int16x8_t x = vldrbq_s16(*tap++ + c);
			int16x8_t w = vldrbq_s16(blocks);

			blocks += 8;
			even = vaddq_s32(even, vmullbq_int_s16(x, w));
			odd = vaddq_s32(odd, vmulltq_int_s16(x, w));
		}
		even = vmulhq_s32(even, vreinterpretq_s32_s8(vldrbq_s8(blocks)));
		odd = vmulhq_s32(odd, vreinterpretq_s32_s8(vldrbq_s8(blocks + 16)));
		even = vrshlq_s32(even, vreinterpretq_s32_s8(vldrbq_s8(blocks + 32)));
		odd = vrshlq_s32(odd, vreinterpretq_s32_s8(vldrbq_s8(blocks + 48)));
		blocks += 64;
		sums = vqmovntq_s32(vqmovnbq_s32(vdupq_n_s16(0), even), odd);
		sums = vqaddq_n_s16(sums, (int16_t)zero);
		vstrbq_s16(y + c,
			   vreinterpretq_s16_s8(vqmovnbq_s16(vreinterpretq_s8_s16(sums), sums)));
	}
}

static void compute8(const int8_t *const *taps, const struct zc_mve_depthwise *op,
		     const int8_t *blocks, int8_t *y)
{
	zc_mve_taps8(taps, op->rows * op->columns, blocks, y, op->x_channels, op->y_zero);
}

int32_t zc_mve_depthwise8(const int8_t *x, const int32_t *op, int8_t *y, void *scratch)
{
	return zc_mve_depthwise(x, op, y, scratch, compute8);
}
