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

/* Leaves the taps along an axis that are in x; returns the first one's place. */
static int32_t inside(int32_t from, int32_t step, int32_t size, int32_t *count)
{
	while (from < 0) {
		from += step;
		(*count)--;
	}
	while (from + (*count - 1) * step >= size) {
		(*count)--;
	}
	return from;
}

int32_t zc_max_pool(const int8_t *x, const int32_t *op, int8_t *y, zc_max_pixel *maximum)
{
	const struct zc_max_pool *pool = (const void *)op;
	int32_t channels = pool->channels;
	struct zc_taps taps = {
		.row_step = pool->row_dilation * pool->x_width * channels,
		.column_step = pool->column_dilation * channels,
	};

	for (int32_t image = 0; image < pool->images; image++) {
		for (int32_t row = 0; row < pool->y_height; row++) {
			int32_t rows = pool->rows;
			int32_t top = inside(row * pool->row_stride - pool->pad_top,
					     pool->row_dilation, pool->x_height, &rows);

			taps.rows = rows;
			for (int32_t column = 0; column < pool->y_width; column++) {
				int32_t columns = pool->columns;
				int32_t left =
					inside(column * pool->column_stride - pool->pad_left,
					       pool->column_dilation, pool->x_width, &columns);

				taps.columns = columns;
				taps.first = x + (top * pool->x_width + left) * channels;
				maximum(&taps, pool, y);
				y += channels;
			}
		}
		x += pool->x_height * pool->x_width * channels;
	}
	return 0;
}
