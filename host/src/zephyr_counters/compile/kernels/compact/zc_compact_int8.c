/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include "zc_compact.h"

#define ZC_COMPACT_WEIGHT int8_t

static float zc_weight(int8_t weight)
{
	return (float)weight;
}

#include "zc_compact_template.h"

int32_t zc_compact_int8(const float *x, const int32_t *sizes, const float *floats,
			const int8_t *weights, float *y, void *scratch)
{
	zc_compact(x, sizes, floats, weights, y, scratch);
	return 0;
}
