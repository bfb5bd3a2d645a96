/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* What the files that stand for zc_dsp_product.c and zc_dsp_product_wide.c share. */

#ifndef PRODUCT_BLOCKS_H_
#define PRODUCT_BLOCKS_H_

#include "zc_dsp.h"

struct scale {
	int32_t m;
	int32_t c;
	int32_t k;
};

/* One block for one pixel, whose pairs of inputs are `step` elements apart; gives the next one. */
typedef const int32_t *block_function(const int32_t *from, const int16_t *x, const int16_t *x_end,
				      int32_t step, int8_t *y);

/* Sums wrap, as those of SMLAD do. */
static inline uint32_t dual(uint32_t sum, const int16_t *x, int32_t first, int32_t second)
{
	return sum + (uint32_t)(x[0] * first) + (uint32_t)(x[1] * second);
}

/* The end of a block. */
static inline const int32_t *requantized(const int32_t *from, const uint32_t *sum, int8_t *y)
{
	struct scale scale[4];

	memcpy(scale, from, sizeof(scale));
	for (int i = 0; i < 4; i++) {
		y[i] = zc_dsp_requantize((int32_t)sum[i], scale[i].m, scale[i].c, scale[i].k);
	}
	return from + 12;
}

/* All blocks for two pixels, whose pairs of inputs alternate. */
static inline void two_pixels(block_function *block, const int16_t *x, const int16_t *x_end,
			      const int32_t *from, const void *end, int8_t *y0, int8_t *y1)
{
	while (from != end) {
		(void)block(from, x + 2, x_end, 4, y1);
		from = block(from, x, x_end, 4, y0);
		y0 += 4;
		y1 += 4;
	}
}

static inline void one_pixel(block_function *block, const int16_t *x, const int16_t *x_end,
			     const int32_t *from, const void *end, int8_t *y)
{
	while (from != end) {
		from = block(from, x, x_end, 2, y);
		y += 4;
	}
}

#endif /* PRODUCT_BLOCKS_H_ */
