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
static void gather(int16_t *to, const int8_t *x, int32_t rows, const struct zc_dsp_depthwise *op)
{
	int32_t channels = op->channels;
	int32_t x_gap = (op->x_width - op->columns) * channels;
	int32_t gap = op->pitch - op->columns;

	for (; rows > 0; rows--) {
		const int16_t *end = to + op->columns;

#pragma GCC unroll 4
		do {
			*to++ = *x;
			x += channels;
		} while (to != end);
		x += x_gap;
		to += gap;
	}
}

static void convolve(const int8_t *x, const struct zc_dsp_depthwise *op, int8_t *y, int16_t *plane,
		     zc_dsp_rows *compute)
{
	int32_t channels = op->channels;
	int32_t pitch = op->pitch;
	bool whole = op->strip == op->y_height;

	/* Padding beside the rows stays; that above and below does if there is but one strip. */
	fill(plane, op->plane * pitch, op->zero);
	for (int32_t c = 0; c < channels; c++) {
		for (int32_t first = 0; first < op->y_height; first += op->strip) {
			int32_t top = first * op->stride - op->pad_top;
			int32_t above = top < 0 ? -top : 0;
			int32_t rows = op->x_height - top;
			int32_t outputs = op->y_height - first;

			rows = rows < op->plane ? rows : op->plane;
			outputs = outputs < op->strip ? outputs : op->strip;
			if (!whole) {
				fill(plane, above * pitch, op->zero);
				fill(plane + rows * pitch, (op->plane - rows) * pitch, op->zero);
			}
			gather(plane + above * pitch + op->pad_left,
			       x + (top + above) * op->x_width * channels + c, rows - above, op);
			compute(plane, y + first * op->y_width * channels + c, &op->channel[c],
				outputs, op->y_width, channels);
		}
	}
}

int32_t zc_dsp_depthwise(const int8_t *x, const int32_t *op, int8_t *y, void *scratch,
			 zc_dsp_rows *rows)
{
	const struct zc_dsp_depthwise *depthwise = (const void *)op;
	int32_t x_size = depthwise->x_height * depthwise->x_width * depthwise->channels;
	int32_t y_size = depthwise->y_height * depthwise->y_width * depthwise->channels;

	for (int32_t image = 0; image < depthwise->images; image++) {
		convolve(x + image * x_size, depthwise, y + image * y_size, scratch, rows);
	}
	zc_dsp_clamp(y, depthwise->images * y_size, depthwise->low, depthwise->high);
	return 0;
}
