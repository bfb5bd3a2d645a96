/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include "zc_dsp.h"
#include "zc_dsp_clamp.h"
#include "zc_dsp_elementwise.h"

int32_t zc_dsp_add(const int8_t *a, const int8_t *b, const int32_t *op, int8_t *y)
{
	const struct zc_dsp_add *add = (const void *)op;
	const struct zc_dsp_add local = *add;
	const int8_t *end = a + local.size;

#pragma GCC unroll 4
	do {
		int32_t sum = local.start + *a++ * local.factor_a + *b++ * local.factor_b;

		*y++ = (int8_t)zc_dsp_saturate((sum >> local.shift) + local.zero);
	} while (a != end);
	zc_dsp_clamp(y - local.size, local.size, local.low, local.high);
	return 0;
}
