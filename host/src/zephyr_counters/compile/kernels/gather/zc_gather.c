/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include "zc_gather.h"

static struct zc_window window_of(const struct zc_gather *op, int32_t pixel)
{
	struct zc_window window;

	window.top = pixel / op->y_width * op->row_stride - op->pad_top;
	window.left = pixel % op->y_width * op->column_stride - op->pad_left;
	window.origin = window.top * op->x_row + window.left * op->x_column;
	window.is_inside = (uint32_t)window.top < (uint32_t)op->inner_rows &&
			   (uint32_t)window.left < (uint32_t)op->inner_columns;
	return window;
}

static void scatter(int8_t *y, const int8_t *out, const struct zc_gather *op)
{
	int32_t step = op->y_channel;

	for (const int8_t *end = out + op->outputs; out != end; out++) {
		*y = (int8_t)(*out ^ op->y_flip);
		y += step;
	}
}

static const int8_t *blocks_of(const struct zc_gather *op)
{
	const int8_t *end = (const int8_t *)&op->offset[op->rows * op->columns * op->depth];

	return (const int8_t *)op + ((end - (const int8_t *)op + 15) & ~15);
}

int32_t zc_gather(const int8_t *x, const struct zc_gather *op, int8_t *y, void *scratch,
		  int32_t taps_size, zc_gather_two *two)
{
	int8_t *out = (int8_t *)scratch + taps_size;
	int32_t padded = (op->outputs + 3) & ~3;
	int32_t pixels = op->y_height * op->y_width;

	for (int32_t image = 0; image < op->images; image++) {
		const int8_t *blocks = blocks_of(op);

		for (int32_t group = 0; group < op->groups; group++) {
			int8_t *to = y + group * op->y_group;

			for (int32_t pixel = 0; pixel < pixels; pixel += 2) {
				/* The last of an odd number is computed twice. */
				int32_t next = pixel + 1 < pixels ? pixel + 1 : pixel;
				struct zc_window windows[2] = {window_of(op, pixel),
							       window_of(op, next)};

				two(op, x + group * op->x_group, windows, blocks, scratch, out);
				scatter(to + pixel * op->y_pixel, out, op);
				scatter(to + next * op->y_pixel, out + padded, op);
			}
			blocks += op->size;
		}
		x += op->x_image;
		y += op->y_image;
	}
	return 0;
}
