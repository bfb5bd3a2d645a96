/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include "zc_mve_bytes.h"
#include "zc_mve_depthwise.h"

static void locate(const int8_t **taps, const int8_t *x, int32_t top, int32_t left,
		   const struct zc_mve_depthwise *op)
{
	const int8_t *row = x + (top * op->x_width + left) * op->x_channels;
	int32_t row_step = op->row_dilation * op->x_width * op->x_channels;
	int32_t step = op->column_dilation * op->x_channels;

	for (int32_t i = op->rows; i > 0; i--) {
		const int8_t *tap = row;

		for (int32_t j = op->columns; j > 0; j--) {
			*taps++ = tap;
			tap += step;
		}
		row += row_step;
	}
}

/* The same where some taps are in the padding, which `zeros` stands for. */
static void locate_at_edge(const int8_t **taps, const int8_t *x, int32_t top, int32_t left,
			   const struct zc_mve_depthwise *op, const int8_t *zeros)
{
	for (int32_t i = 0; i < op->rows; i++) {
		int32_t row = top + i * op->row_dilation;

		for (int32_t j = 0; j < op->columns; j++) {
			int32_t column = left + j * op->column_dilation;

			if ((uint32_t)row < (uint32_t)op->x_height &&
			    (uint32_t)column < (uint32_t)op->x_width) {
				*taps++ = x + (row * op->x_width + column) * op->x_channels;
			} else {
				*taps++ = zeros;
			}
		}
	}
}

/* Pointers to the taps of one output pixel. */
static const int8_t *const *taps_of(const struct zc_mve_depthwise *op, const int8_t *x, int32_t row,
				    int32_t column, void *scratch)
{
	const int8_t **taps = scratch;
	const int8_t *zeros = (const int8_t *)(taps + op->rows * op->columns);
	int32_t top = row * op->row_stride - op->pad_top;
	int32_t left = column * op->column_stride - op->pad_left;

	if ((uint32_t)top < (uint32_t)op->inner_rows &&
	    (uint32_t)left < (uint32_t)op->inner_columns) {
		locate(taps, x, top, left, op);
	} else {
		locate_at_edge(taps, x, top, left, op, zeros);
	}
	return taps;
}

int32_t zc_mve_depthwise(const int8_t *x, const int32_t *op, int8_t *y, void *scratch,
			 zc_mve_pixel *compute)
{
	const struct zc_mve_depthwise *d = (const void *)op;
	const int8_t *blocks = (const void *)(d + 1);
	const int8_t **taps = scratch;
	int8_t *to = y;

	zc_mve_fill((int8_t *)(taps + d->rows * d->columns), d->x_zero, d->x_channels);
	for (int32_t image = 0; image < d->images; image++) {
		for (int32_t row = 0; row < d->y_height; row++) {
			for (int32_t column = 0; column < d->y_width; column++) {
				compute(taps_of(d, x, row, column, scratch), d, blocks, to);
				to += d->y_channels;
			}
		}
		x += d->x_height * d->x_width * d->x_channels;
	}
	zc_mve_clamp(y, (int32_t)(to - y), d->low, d->high, d->y_flip);
	return 0;
}
