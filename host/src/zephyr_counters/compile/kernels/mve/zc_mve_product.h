/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inner products by VMLADAVA, four output channels at a time. Weights are a stream of blocks:
 *
 *     int32 start[4]            initial sums
 *     int8  weight[K / 16][4][16]
 *     int32 multiplier[4]
 *     int32 shift[4]            of the product's high word; negative: to the right
 */
#ifndef ZC_MVE_PRODUCT_H_
#define ZC_MVE_PRODUCT_H_
#include <stdint.h>

struct zc_mve_product {
	int32_t zero;
	int32_t depth; /* K */
	const int8_t *end; /* of the blocks */
};

/* All output channels of one pixel. */
void zc_mve_product_one(const int8_t *x, const int8_t *blocks, int8_t *y, const struct zc_mve_product *op);
/* Of two pixels. */
void zc_mve_product_two(const int8_t *x0, const int8_t *x1, const int8_t *blocks, int8_t *y0, int8_t *y1, const struct zc_mve_product *op);
#endif
