/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include "zc_dsp.h"
#include "zc_dsp_elementwise.h"
#include "zc_elementwise.h"

/* Four channels: two sums in the halfwords of a word. */
__attribute__((noinline)) static void average_four(const int8_t *x, const struct zc_average *op,
						   int8_t *y)
{
	int32_t even = 0;
	int32_t odd = 0;

	for (int32_t row = op->rows; row > 0; row--) {
		const int8_t *tap = x;

		for (int32_t column = op->columns; column > 0; column--) {
			int32_t word = zc_dsp_word(tap) ^ op->x_flip;

			even = zc_dsp_add_even_bytes(even, word);
			odd = zc_dsp_add_odd_bytes(odd, word);
			tap += op->channels;
		}
		x += op->x_width * op->channels;
	}
	y[0] = zc_mean((int16_t)even, op);
	y[1] = zc_mean((int16_t)odd, op);
	y[2] = zc_mean(even >> 16, op);
	y[3] = zc_mean(odd >> 16, op);
}

static void average(const int8_t *x, const struct zc_average *op, int8_t *y)
{
	for (int32_t c = 0; c < op->channels; c += 4) {
		average_four(x + c, op, y + c);
	}
}

int32_t zc_dsp_average(const int8_t *x, const int32_t *op, int8_t *y)
{
	return zc_average(x, op, y, average);
}
