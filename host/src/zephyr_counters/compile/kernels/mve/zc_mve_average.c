/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <arm_mve.h>

#include "zc_elementwise.h"
#include "zc_mve.h"
#include "zc_mve_elementwise.h"

static void average_eight(const int8_t *x, const struct zc_average *op, int8_t *y)
{
	/* A byte of uint8, extended by its sign, to the same less 128. */
	int16x8_t flip = vdupq_n_s16(op->x_flip == 0 ? 0 : (int16_t)0xff80);
	int16x8_t sum = vdupq_n_s16(0);
	int16_t sums[8];

	for (int32_t row = op->rows; row > 0; row--) {
		const int8_t *tap = x;

		for (int32_t column = op->columns; column > 0; column--) {
			sum = vaddq_s16(sum, veorq_s16(vldrbq_s16(tap), flip));
			tap += op->channels;
		}
		x += op->x_width * op->channels;
	}
	vst1q_s16(sums, sum);
	for (int32_t i = 0; i < 8; i++) {
		y[i] = zc_mean(sums[i], op);
	}
}

static void average(const int8_t *x, const struct zc_average *op, int8_t *y)
{
	for (int32_t c = 0; c < op->channels; c += 8) {
		average_eight(x + c, op, y + c);
	}
}

int32_t zc_mve_average(const int8_t *x, const int32_t *op, int8_t *y)
{
	return zc_average(x, op, y, average);
}
