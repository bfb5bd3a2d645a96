/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include "zc_dsp.h"
#include "zc_dsp_clamp.h"
#include "zc_dsp_elementwise.h"
#include "zc_elementwise.h"

__attribute__((always_inline)) static inline void add(const int8_t *a, const int8_t *b,
						      const struct zc_add *op, int8_t *y,
						      int32_t a_flip, int32_t b_flip)
{
	const struct zc_add local = *op;
	const int8_t *end = a + local.size;

	do {
		int32_t sum = local.start + (int8_t)(*a++ ^ a_flip) * local.factor_a +
			      (int8_t)(*b++ ^ b_flip) * local.factor_b;

		*y++ = (int8_t)zc_dsp_saturate((sum >> local.shift) + local.zero);
	} while (a != end);
}

int32_t zc_dsp_add(const int8_t *a, const int8_t *b, const int32_t *op, int8_t *y)
{
	const struct zc_add *sum = (const void *)op;

	if ((sum->a_flip | sum->b_flip) == 0) {
		add(a, b, sum, y, 0, 0);
	} else {
		add(a, b, sum, y, sum->a_flip, sum->b_flip);
	}
	zc_dsp_clamp(y, sum->size, sum->low, sum->high, sum->y_flip);
	return 0;
}
