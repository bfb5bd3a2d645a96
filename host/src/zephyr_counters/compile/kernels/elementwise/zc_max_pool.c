/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include "zc_elementwise.h"

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
