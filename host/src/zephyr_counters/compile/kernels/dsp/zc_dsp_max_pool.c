/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include "zc_dsp.h"
#include "zc_dsp_elementwise.h"
#include "zc_elementwise.h"

static void maximum(const struct zc_taps *taps, const struct zc_max_pool *op, int8_t *y)
{
	int32_t flip = op->flip;

	for (int32_t c = 0; c < op->channels; c += 4) {
		const int8_t *row = taps->first + c;
		int32_t most = zc_dsp_word(row) ^ flip;

		for (int32_t i = taps->rows; i > 0; i--) {
			const int8_t *tap = row;

			for (int32_t j = taps->columns; j > 0; j--) {
				most = zc_dsp_max_bytes(most, zc_dsp_word(tap) ^ flip);
				tap += taps->column_step;
			}
			row += taps->row_step;
		}
		zc_dsp_store(y + c, most ^ flip);
	}
}

int32_t zc_dsp_max_pool(const int8_t *x, const int32_t *op, int8_t *y)
{
	return zc_max_pool(x, op, y, maximum);
}
