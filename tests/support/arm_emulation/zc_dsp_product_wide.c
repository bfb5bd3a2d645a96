/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* The functions of compile/kernels/dsp/zc_dsp_product_wide.c, as zc_dsp_product.h describes them.
 */

#include "product_blocks.h"
#include "zc_dsp_product.h"

static const int32_t *block(const int32_t *from, const int16_t *x, const int16_t *x_end,
			    int32_t step, int8_t *y)
{
	uint32_t sum[4];

	memcpy(sum, from, sizeof(sum));
	from += 4;
	for (; x < x_end; x += step) {
		for (int i = 0; i < 4; i++) {
			int32_t word = *from++;

			sum[i] = dual(sum[i], x, (int16_t)word, (int16_t)(word >> 16));
		}
	}
	return requantized(from, sum, y);
}

void zc_dsp_product_two_wide(const int16_t *x, const int16_t *x_end, const void *blocks,
			     const void *blocks_end, int8_t *y0, int8_t *y1)
{
	two_pixels(block, x, x_end, blocks, blocks_end, y0, y1);
}

void zc_dsp_product_one_wide(const int16_t *x, const int16_t *x_end, const void *blocks,
			     const void *blocks_end, int8_t *y)
{
	one_pixel(block, x, x_end, blocks, blocks_end, y);
}
