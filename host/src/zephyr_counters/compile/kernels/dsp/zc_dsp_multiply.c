/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include "zc_dsp.h"
#include "zc_dsp_clamp.h"
#include "zc_dsp_elementwise.h"
#include "zc_elementwise.h"

__attribute__((always_inline)) static inline void multiply(const int8_t *a, const int8_t *b,
							   const struct zc_multiply *op, int8_t *y,
							   int32_t a_flip, int32_t b_flip)
{
	const struct zc_multiply local = *op;
	const int8_t *end = a + local.size;
	/* The high word of a product is enough, as the shift is at least 33. */
	int32_t k = local.shift - 32;
	int32_t half = 1 << (k - 1);

	do {
		int32_t product = ((int8_t)(*a++ ^ a_flip) - local.a_zero) *
				  ((int8_t)(*b++ ^ b_flip) - local.b_zero);
		int32_t high = zc_dsp_high(product, local.multiplier, half);

		*y++ = (int8_t)zc_dsp_saturate((high >> k) + local.zero);
	} while (a != end);
}

int32_t zc_dsp_multiply(const int8_t *a, const int8_t *b, const int32_t *op, int8_t *y)
{
	const struct zc_multiply *product = (const void *)op;

	if ((product->a_flip | product->b_flip) == 0) {
		multiply(a, b, product, y, 0, 0);
	} else {
		multiply(a, b, product, y, product->a_flip, product->b_flip);
	}
	zc_dsp_clamp(y, product->size, product->low, product->high, product->y_flip);
	return 0;
}
