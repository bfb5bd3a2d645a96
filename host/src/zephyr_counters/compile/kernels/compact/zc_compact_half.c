/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include "zc_compact.h"

#include <string.h>

#define ZC_COMPACT_WEIGHT uint16_t

/* Exponents of both formats differ by 112. */
static float zc_weight(uint16_t weight)
{
	uint32_t bits = (weight & 0x8000U) << 16 | (weight & 0x7fffU) << 13;
	float value;

	memcpy(&value, &bits, sizeof(value));
	return value * 0x1p112f;
}

#include "zc_compact_template.h"

int32_t zc_compact_half(const float *x, const int32_t *sizes, const float *floats,
			const uint16_t *weights, float *y, void *scratch)
{
	zc_compact(x, sizes, floats, weights, y, scratch);
	return 0;
}
