/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* The functions of compile/kernels/mve/zc_mve_product.c, from the description in its header. */

#include <string.h>

#include "zc_mve_product.h"

static int8_t requantize(int32_t sum, int32_t multiplier, int32_t shift, int32_t zero)
{
	int32_t high = (int32_t)((int64_t)sum * multiplier >> 32);
	int64_t value = ((high + ((int64_t)1 << (-shift - 1))) >> -shift) + zero;

	return (int8_t)(value < INT8_MIN ? INT8_MIN : value > INT8_MAX ? INT8_MAX : value);
}

void zc_mve_product_one(const int8_t *x, const int8_t *blocks, int8_t *y,
			const struct zc_mve_product *product)
{
	while (blocks != product->end) {
		int32_t sum[4];
		int32_t multiplier[4];
		int32_t shift[4];

		memcpy(sum, blocks, sizeof(sum));
		blocks += sizeof(sum);
		for (int32_t i = 0; i < product->depth; i += 16) {
			for (int o = 0; o < 4; o++) {
				for (int j = 0; j < 16; j++) {
					sum[o] += x[i + j] * *blocks++;
				}
			}
		}
		memcpy(multiplier, blocks, sizeof(multiplier));
		memcpy(shift, blocks + 16, sizeof(shift));
		blocks += 32;
		for (int o = 0; o < 4; o++) {
			*y++ = requantize(sum[o], multiplier[o], shift[o], product->zero);
		}
	}
}

void zc_mve_product_two(const int8_t *x0, const int8_t *x1, const int8_t *blocks, int8_t *y0,
			int8_t *y1, const struct zc_mve_product *product)
{
	zc_mve_product_one(x0, blocks, y0, product);
	zc_mve_product_one(x1, blocks, y1, product);
}
