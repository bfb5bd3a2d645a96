/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include "zc_mve_depthwise.h"

static void compute16(const int8_t *const *taps, const struct zc_mve_depthwise *op,
		      const int8_t *blocks, int8_t *y)
{
	zc_mve_taps16(taps, blocks, y, op->x_channels / 16, op->y_zero);
}

int32_t zc_mve_depthwise16(const int8_t *x, const int32_t *op, int8_t *y, void *scratch)
{
	return zc_mve_depthwise(x, op, y, scratch, compute16);
}
