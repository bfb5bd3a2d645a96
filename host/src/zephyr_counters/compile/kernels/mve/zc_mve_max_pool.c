/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <arm_mve.h>

#include "zc_elementwise.h"
#include "zc_mve.h"
#include "zc_mve_elementwise.h"

static void maximum(const struct zc_taps *taps, const struct zc_max_pool *op, int8_t *y)
{
	int8x16_t flip = vdupq_n_s8((int8_t)op->flip);

	for (int32_t c = 0; c < op->channels; c += 16) {
		mve_pred16_t p = vctp8q((uint32_t)(op->channels - c));
		const int8_t *row = taps->first + c;
		int8x16_t most = vdupq_n_s8(INT8_MIN);

		for (int32_t i = taps->rows; i > 0; i--) {
			const int8_t *tap = row;

			for (int32_t j = taps->columns; j > 0; j--) {
				most = vmaxq_s8(most, veorq_s8(vldrbq_z_s8(tap, p), flip));
				tap += taps->column_step;
			}
			row += taps->row_step;
		}
		vstrbq_p_s8(y + c, veorq_s8(most, flip), p);
	}
}

int32_t zc_mve_max_pool(const int8_t *x, const int32_t *op, int8_t *y)
{
	return zc_max_pool(x, op, y, maximum);
}
