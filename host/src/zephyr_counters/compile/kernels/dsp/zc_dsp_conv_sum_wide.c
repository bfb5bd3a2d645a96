/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include "zc_dsp_sum.h"

int32_t zc_dsp_conv_sum_wide(const int8_t *x, const int8_t *addend, const int32_t *op, int8_t *y,
			     void *scratch)
{
	return zc_dsp_conv_sum_by(x, addend, op, y, scratch, zc_dsp_product_two_wide);
}
