/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include "zc_elementwise.h"

int8_t zc_mean(int32_t sum, const struct zc_average *op)
{
	int32_t count = op->rows * op->columns;
	int32_t result;

	sum += op->start;
	if (op->multiplier == 0) {
		result = (sum + (sum > 0 ? count / 2 : -(count / 2))) / count;
	} else {
		int64_t product = (int64_t)sum * op->multiplier;

		result = (int32_t)((product + ((int64_t)1 << (op->shift - 1))) >> op->shift);
	}
	result += op->zero;
	result = result < op->low ? op->low : result > op->high ? op->high : result;
	return (int8_t)(result ^ op->y_flip);
}

int32_t zc_average(const int8_t *x, const int32_t *op, int8_t *y, zc_average_pixel *average)
{
	const struct zc_average *pool = (const void *)op;

	for (int32_t image = 0; image < pool->images; image++) {
		for (int32_t row = 0; row < pool->y_height; row++) {
			for (int32_t column = 0; column < pool->y_width; column++) {
				average(x + (row * pool->row_stride * pool->x_width +
					     column * pool->column_stride) *
							pool->channels,
					pool, y);
				y += pool->channels;
			}
		}
		x += pool->x_height * pool->x_width * pool->channels;
	}
	return 0;
}
