/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* The functions of compile/kernels/dsp/zc_dsp_product_wide.c, from the description in its header.
 */

#include "zc_dsp_product.h"
#include "zc_dsp.h"

struct scale {
	int32_t m;
	int32_t c;
	int32_t k;
};

/* Sums wrap, as those of SMLAD do. */
static uint32_t dual(uint32_t sum, const int16_t *x, int32_t first, int32_t second)
{
	return sum + (uint32_t)(x[0] * first) + (uint32_t)(x[1] * second);
}

/* One block for one pixel, whose pairs of inputs are `step` elements apart. */
static const int32_t *block(const int32_t *from, const int16_t *x, const int16_t *x_end,
			    int32_t step, int8_t *y)
{
	uint32_t sum[4];
	struct scale scale[4];

	memcpy(sum, from, sizeof(sum));
	from += 4;
	for (; x < x_end; x += step) {
		for (int i = 0; i < 4; i++) {
			int32_t word = *from++;

			sum[i] = dual(sum[i], x, (int16_t)word, (int16_t)(word >> 16));
		}
	}
	memcpy(scale, from, sizeof(scale));
	for (int i = 0; i < 4; i++) {
		y[i] = zc_dsp_requantize((int32_t)sum[i], scale[i].m, scale[i].c, scale[i].k);
	}
	return from + 12;
}

void zc_dsp_product_two_wide(const int16_t *x, const int16_t *x_end, const void *blocks,
			     const void *blocks_end, int8_t *y0, int8_t *y1)
{
	const int32_t *from = blocks;

	while (from != blocks_end) {
		(void)block(from, x + 2, x_end, 4, y1);
		from = block(from, x, x_end, 4, y0);
		y0 += 4;
		y1 += 4;
	}
}

void zc_dsp_product_one_wide(const int16_t *x, const int16_t *x_end, const void *blocks,
			     const void *blocks_end, int8_t *y)
{
	const int32_t *from = blocks;

	while (from != blocks_end) {
		from = block(from, x, x_end, 2, y);
		y += 4;
	}
}
