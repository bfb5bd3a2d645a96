/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <arm_mve.h>

#include "zc_mve.h"
#include "zc_mve_elementwise.h"

static int8_t mean(int32_t sum, const struct zc_mve_average *op)
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

static void average(const int8_t *x, const struct zc_mve_average *op, int8_t *y)
{
	int16x8_t sum = vdupq_n_s16(0);
	int16_t sums[8];

	for (int32_t row = op->rows; row > 0; row--) {
		const int8_t *tap = x;

		for (int32_t column = op->columns; column > 0; column--) {
			sum = vaddq_s16(sum, vldrbq_s16(tap));
			tap += op->channels;
		}
		x += op->x_width * op->channels;
	}
	vst1q_s16(sums, sum);
	for (int32_t i = 0; i < 8; i++) {
		y[i] = mean(sums[i], op);
	}
}

int32_t zc_mve_average(const int8_t *x, const int32_t *op, int8_t *y)
{
	const struct zc_mve_average *pool = (const void *)op;

	for (int32_t image = 0; image < pool->images; image++) {
		for (int32_t row = 0; row < pool->y_height; row++) {
			for (int32_t column = 0; column < pool->y_width; column++) {
				const int8_t *from = x + (row * pool->row_stride * pool->x_width +
							  column * pool->column_stride) *
								 pool->channels;

				for (int32_t c = 0; c < pool->channels; c += 8) {
					average(from + c, pool, y);
					y += 8;
				}
			}
		}
		x += pool->x_height * pool->x_width * pool->channels;
	}
	return 0;
}
