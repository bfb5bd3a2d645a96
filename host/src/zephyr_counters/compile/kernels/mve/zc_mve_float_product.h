/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ZC_MVE_FLOAT_PRODUCT_H_
#define ZC_MVE_FLOAT_PRODUCT_H_
#include <stdint.h>
/* weight[N / 8][K][8] */
void zc_mve_float_product(const float *x, int32_t depth, const float *weight, int32_t blocks,
			  float *y);
#endif
