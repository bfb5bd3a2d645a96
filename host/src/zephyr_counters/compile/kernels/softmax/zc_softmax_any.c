/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include "zc_softmax_row.h"

static inline int32_t divide(uint32_t part, uint32_t sum, const struct zc_softmax *op)
{
	uint64_t scaled = (uint64_t)part * (uint32_t)op->steps + ((uint64_t)sum << 7);

	return (int32_t)(scaled / ((uint64_t)sum << 8));
}

int32_t zc_softmax_any(const int8_t *x, const int32_t *op, int8_t *y)
{
	const struct zc_softmax *softmax = (const void *)op;

	for (int32_t row = 0; row < softmax->rows; row++) {
		zc_softmax_row(x, softmax, y, divide);
		x += softmax->columns;
		y += softmax->columns;
	}
	return 0;
}
