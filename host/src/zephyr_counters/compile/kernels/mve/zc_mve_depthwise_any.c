/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <arm_mve.h>

#include "zc_mve.h"
#include "zc_mve_depthwise.h"

static inline int32x4_t vector(const int8_t *from)
{
	return vreinterpretq_s32_s8(vldrbq_s8(from));
}

static void compute(const int8_t *const *taps, const struct zc_mve_depthwise *op,
		    const int8_t *blocks, int8_t *y)
{
	const uint16_t *channel = (const void *)blocks;
	int32_t channels = op->y_channels;
	int32_t num_taps = op->rows * op->columns;
	/* A byte of uint8, extended by its sign, to the same less 128. */
	int16x8_t flip = vdupq_n_s16(op->x_flip == 0 ? 0 : (int16_t)0xff80);

	blocks += (channels + 7) / 8 * 16;
	for (int32_t c = 0; c < channels; c += 8) {
		uint16x8_t offsets = vldrhq_u16(channel + c);
		const int8_t *const *tap = taps;
		int32x4_t even = vector(blocks);
		int32x4_t odd = vector(blocks + 16);
		int16x8_t sums;

		blocks += 32;
		for (int32_t t = num_taps; t > 0; t--) {
			int16x8_t x = veorq_s16(vldrbq_gather_offset_s16(*tap++, offsets), flip);
			int16x8_t w = vldrbq_s16(blocks);

			blocks += 8;
			even = vaddq_s32(even, vmullbq_int_s16(x, w));
			odd = vaddq_s32(odd, vmulltq_int_s16(x, w));
		}
		even = vrshlq_s32(vmulhq_s32(even, vector(blocks)), vector(blocks + 32));
		odd = vrshlq_s32(vmulhq_s32(odd, vector(blocks + 16)), vector(blocks + 48));
		blocks += 64;
		sums = vqmovntq_s32(vqmovnbq_s32(vdupq_n_s16(0), even), odd);
		sums = vqaddq_n_s16(sums, (int16_t)op->y_zero);
		sums = vreinterpretq_s16_s8(vqmovnbq_s16(vreinterpretq_s8_s16(sums), sums));
		vstrbq_p_s16(y + c, sums, vctp16q((uint32_t)(channels - c)));
	}
}

int32_t zc_mve_depthwise_any(const int8_t *x, const int32_t *op, int8_t *y, void *scratch)
{
	return zc_mve_depthwise(x, op, y, scratch, compute);
}
