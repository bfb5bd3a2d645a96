/* SPDX-License-Identifier: Apache-2.0 */
#include "zc_mve_float_product.h"
#include <arm_mve.h>

void zc_mve_float_product(const float *x, int32_t depth, const float *weight, int32_t blocks,
			  float *y)
{
	do {
		const float *from = x;
		float32x4_t low = vdupq_n_f32(0.0f);
		float32x4_t high = low;

		for (int32_t i = depth; i > 0; i -= 4) {
#pragma GCC unroll 4
			for (int32_t j = 0; j < 4; j++) {
				low = vfmaq_n_f32(low, vldrwq_f32(&weight[8 * j]), from[j]);
				high = vfmaq_n_f32(high, vldrwq_f32(&weight[8 * j + 4]), from[j]);
			}
			from += 4;
			weight += 32;
		}
		vstrwq_f32(y, low);
		vstrwq_f32(y + 4, high);
		y += 8;
	} while (--blocks > 0);
}
