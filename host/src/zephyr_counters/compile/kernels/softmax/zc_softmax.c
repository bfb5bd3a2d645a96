/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include "zc_softmax_row.h"

/* (part * 65536 + (sum << 7)) / (sum << 8), as the half that an odd sum loses never matters. */
static inline int32_t divide(uint32_t part, uint32_t sum, const struct zc_softmax *op)
{
	(void)op;
	return (int32_t)((part * 256U + sum / 2U) / sum);
}

int32_t zc_softmax(const int8_t *x, const int32_t *op, int8_t *y)
{
	const struct zc_softmax *softmax = (const void *)op;

	for (int32_t row = 0; row < softmax->rows; row++) {
		zc_softmax_row(x, softmax, y, divide);
		x += softmax->columns;
		y += softmax->columns;
	}
	return 0;
}
