/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include "zc_float_matrix.h"

/* NaN becomes the limit, as with TVM's min and max. */
static void finish(float *y, const float *sums, const struct zc_float_matrix *matrix,
		   const float *floats)
{
	float low = floats[0];
	float high = floats[1];

	for (int32_t o = 0; o < matrix->outputs; o++) {
		float value = sums[o] + floats[2 + o];

		if (matrix->has_high) {
			value = value < high ? value : high;
		}
		if (matrix->has_low) {
			value = value > low ? value : low;
		}
		y[o] = value;
	}
}

int32_t zc_float_matrix(const float *x, const int32_t *sizes, const float *floats, float *y,
			void *scratch, zc_float_row *row)
{
	const struct zc_float_matrix *matrix = (const void *)sizes;
	const float *weight = floats + 2 + matrix->outputs;
	int32_t padded = (matrix->outputs + 7) & ~7;

	for (int32_t i = 0; i < matrix->rows; i++) {
		float *sums = padded == matrix->outputs ? y : scratch;

		row(x, x + matrix->inputs, weight, weight + padded * matrix->inputs, sums);
		finish(y, sums, matrix, floats);
		x += matrix->inputs;
		y += matrix->outputs;
	}
	return 0;
}
