/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <arm_mve.h>

#include "zc_float_matrix.h"

#if !defined(__ARM_FEATURE_MVE) || (__ARM_FEATURE_MVE & 2) == 0
#error "the model's kernels need a core with MVE for floats; compile the model for this core"
#endif

static void row(const float *x, const float *x_end, const float *weight, const float *weight_end,
		float *y)
{
	do {
		float32x4_t low = vdupq_n_f32(0.0f);
		float32x4_t high = low;

		for (const float *from = x; from != x_end; from += 4) {
#pragma GCC unroll 4
			for (int32_t i = 0; i < 4; i++) {
				low = vfmaq_n_f32(low, vldrwq_f32(&weight[8 * i]), from[i]);
				high = vfmaq_n_f32(high, vldrwq_f32(&weight[8 * i + 4]), from[i]);
			}
			weight += 32;
		}
		vstrwq_f32(y, low);
		vstrwq_f32(y + 4, high);
		y += 8;
	} while (weight != weight_end);
}

int32_t zc_mve_float_matrix(const float *x, const int32_t *sizes, const float *floats, float *y,
			    void *scratch)
{
	return zc_float_matrix(x, sizes, floats, y, scratch, row);
}
