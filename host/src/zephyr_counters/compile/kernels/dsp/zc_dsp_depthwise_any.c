/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include "zc_dsp.h"
#include "zc_dsp_depthwise.h"

/* With a constant number of pairs their loop is unrolled. */
__attribute__((always_inline)) static inline void
compute(const int16_t *plane, int8_t *y, const struct zc_dsp_channel_any *channel, int32_t columns,
	int32_t step, const struct zc_dsp_depthwise *op, int32_t pairs)
{
	const struct zc_dsp_channel_any scale = *channel;
	int32_t gap = op->row_step - 2 * pairs;
	int32_t stride = op->column_stride;
	int32_t rows = op->rows;

	for (; columns > 0; columns--) {
		const int32_t *pair = channel->pair;
		const int16_t *x = plane;
		int32_t sum = scale.bias;

		for (int32_t i = rows; i > 0; i--) {
#pragma GCC unroll 3
			for (int32_t j = 0; j < pairs; j++) {
				sum = zc_dsp_dual(zc_dsp_word(x), *pair++, sum);
				x += 2;
			}
			x += gap;
		}
		*y = zc_dsp_requantize(sum, scale.m, scale.c, scale.k);
		y += step;
		plane += stride;
	}
}

static void compute_rows(const int16_t *plane, int8_t *y, const void *channel, int32_t rows,
			 int32_t columns, int32_t step, const struct zc_dsp_depthwise *op)
{
	for (; rows > 0; rows--) {
		if (op->pairs == 2) {
			compute(plane, y, channel, columns, step, op, 2);
		} else if (op->pairs == 3) {
			compute(plane, y, channel, columns, step, op, 3);
		} else {
			compute(plane, y, channel, columns, step, op, op->pairs);
		}
		plane += op->row_stride * op->pitch;
		y += columns * step;
	}
}

int32_t zc_dsp_depthwise_any(const int8_t *x, const int32_t *op, int8_t *y, void *scratch)
{
	return zc_dsp_depthwise(x, op, y, scratch, compute_rows);
}
