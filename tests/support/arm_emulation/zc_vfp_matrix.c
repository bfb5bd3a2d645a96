/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* The function of compile/kernels/float_matrix/zc_vfp_matrix.c in C. */

#include <math.h>

#include "zc_float_matrix.h"

static void row(const float *x, const float *x_end, const float *weight, const float *weight_end,
		float *y)
{
	for (; weight != weight_end; y += 8) {
		for (int i = 0; i < 8; i++) {
			y[i] = 0.0f;
		}
		for (const float *from = x; from != x_end; from++) {
			for (int i = 0; i < 8; i++) {
				y[i] = fmaf(*weight++, *from, y[i]);
			}
		}
	}
}

int32_t zc_vfp_matrix(const float *x, const int32_t *sizes, const float *floats, float *y,
		      void *scratch)
{
	return zc_float_matrix(x, sizes, floats, y, scratch, row);
}
