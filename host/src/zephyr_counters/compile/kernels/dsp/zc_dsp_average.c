/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include "zc_dsp.h"
#include "zc_dsp_elementwise.h"

__attribute__((noinline)) static int8_t mean(int32_t sum, const struct zc_dsp_average *op)
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
	return (int8_t)(result < op->low ? op->low : result > op->high ? op->high : result);
}

/* Four channels: two sums in the halfwords of a word. */
__attribute__((noinline)) static void average(const int8_t *x, const struct zc_dsp_average *op,
					      int8_t *y)
{
	int32_t even = 0;
	int32_t odd = 0;

	for (int32_t row = op->rows; row > 0; row--) {
		const int8_t *tap = x;

		for (int32_t column = op->columns; column > 0; column--) {
			int32_t word = zc_dsp_word(tap);

			even = zc_dsp_add_even_bytes(even, word);
			odd = zc_dsp_add_odd_bytes(odd, word);
			tap += op->channels;
		}
		x += op->x_width * op->channels;
	}
	y[0] = mean((int16_t)even, op);
	y[1] = mean((int16_t)odd, op);
	y[2] = mean(even >> 16, op);
	y[3] = mean(odd >> 16, op);
}

int32_t zc_dsp_average(const int8_t *x, const int32_t *op, int8_t *y)
{
	const struct zc_dsp_average *pool = (const void *)op;

	for (int32_t image = 0; image < pool->images; image++) {
		for (int32_t row = 0; row < pool->y_height; row++) {
			for (int32_t column = 0; column < pool->y_width; column++) {
				const int8_t *from = x + (row * pool->row_stride * pool->x_width +
							  column * pool->column_stride) *
								 pool->channels;

				for (int32_t c = 0; c < pool->channels; c += 4) {
					average(from + c, pool, y);
					y += 4;
				}
			}
		}
		x += pool->x_height * pool->x_width * pool->channels;
	}
	return 0;
}
