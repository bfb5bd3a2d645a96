/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <stdbool.h>

#include "zc_dsp_clamp.h"
#include "zc_dsp_depthwise.h"

static void fill(int16_t *plane, int32_t size, int32_t zero)
{
	for (const int16_t *end = plane + size; plane != end; plane++) {
		*plane = (int16_t)zero;
	}
}

/* One channel of some rows of x. */
__attribute__((always_inline)) static inline void
gather(int16_t *to, const int8_t *x, int32_t rows, const struct zc_dsp_depthwise *op, int32_t flip)
{
	int32_t step = op->x_column;
	int32_t x_gap = op->x_row - op->columns * step;
	int32_t gap = op->pitch - op->columns;

	for (; rows > 0; rows--) {
		const int16_t *end = to + op->columns;

		do {
			*to++ = (int8_t)(*x ^ flip);
			x += step;
		} while (to != end);
		x += x_gap;
		to += gap;
	}
}

/* One channel of x, and the channels of y that it gives. */
static void convolve(const int8_t *x, const struct zc_dsp_depthwise *op, int8_t *y, int16_t *plane,
		     const int8_t *channel, zc_dsp_rows *compute)
{
	int32_t pitch = op->pitch;
	int32_t zero = (int8_t)(op->zero ^ op->x_flip);
	bool whole = op->strip == op->y_height;

	for (int32_t first = 0; first < op->y_height; first += op->strip) {
		int32_t top = first * op->row_stride - op->pad_top;
		int32_t above = top < 0 ? -top : 0;
		int32_t rows = op->x_height - top;
		int32_t outputs = op->y_height - first;
		int16_t *to = plane + above * pitch + op->pad_left;
		const int8_t *from = x + (top + above) * op->x_row;
		int8_t *out = y + first * op->y_width * op->y_column;

		rows = rows < op->plane ? rows : op->plane;
		outputs = outputs < op->strip ? outputs : op->strip;
		if (!whole) {
			fill(plane, above * pitch, zero);
			fill(plane + rows * pitch, (op->plane - rows) * pitch, zero);
		}
		if (op->x_flip == 0) {
			gather(to, from, rows - above, op, 0);
		} else {
			gather(to, from, rows - above, op, 0x80);
		}
		for (int32_t m = 0; m < op->multiplier; m++) {
			compute(plane, out + m * op->y_channel, channel + m * op->channel_size,
				outputs, op->y_width, op->y_column, op);
		}
	}
}

int32_t zc_dsp_depthwise(const int8_t *x, const int32_t *op, int8_t *y, void *scratch,
			 zc_dsp_rows *rows)
{
	const struct zc_dsp_depthwise *d = (const void *)op;

	for (int32_t image = 0; image < d->images; image++) {
		const int8_t *channel = (const int8_t *)(d + 1);

		/* Padding beside the rows stays; that above and below does if there is but one
		 * strip.
		 */
		fill(scratch, d->plane * d->pitch, (int8_t)(d->zero ^ d->x_flip));
		for (int32_t c = 0; c < d->channels; c++) {
			convolve(x + image * d->x_image + c * d->x_channel, d,
				 y + image * d->y_image + c * d->multiplier * d->y_channel, scratch,
				 channel, rows);
			channel += d->multiplier * d->channel_size;
		}
	}
	zc_dsp_clamp(y, d->images * d->y_image, d->low, d->high, d->y_flip);
	return 0;
}
