/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* The functions of compile/kernels/dsp/zc_dsp_depthwise1.c, and of zc_dsp_depthwise2.c, in C. */

#include "zc_dsp.h"
#include "zc_dsp_depthwise.h"

/* The test writes stride and pitch here. */
#define STRIDE         1
#define PITCH          16

#define JOIN(a, b, c)  zc_dsp_depthwise##a##b##c
#define NAMED(a, b, c) JOIN(a, b, c)

static void compute_rows(const int16_t *plane, int8_t *y, const void *weights, int32_t rows,
			 int32_t columns, int32_t step, const struct zc_dsp_depthwise *op)
{
	const struct zc_dsp_channel *channel = weights;

	for (int32_t row = 0; row < rows; row++) {
		for (int32_t column = 0; column < columns; column++) {
			int32_t sum = channel->bias;

			for (int32_t i = 0; i < 3; i++) {
				const int16_t *x =
					plane + (row * STRIDE + i) * PITCH + column * STRIDE;
				const int8_t *w = channel->weight[i];

				sum += x[0] * w[0] + x[1] * w[1] + x[2] * w[3];
			}
			*y = zc_dsp_requantize(sum, channel->m, channel->c, channel->k);
			y += step;
		}
	}
}

int32_t NAMED(STRIDE, _, PITCH)(const int8_t *x, const int32_t *op, int8_t *y, void *scratch)
{
	return zc_dsp_depthwise(x, op, y, scratch, compute_rows);
}
