/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * Inner products of int8 by VMLADAVA, 16 multiplications per instruction, four output channels at a
 * time.
 *
 * Weights come as a stream of blocks, one per four output channels:
 *
 *     int32 start[4]                  initial sums
 *     int8  weight[K / 16][4][16]     K is a multiple of 16
 *     int32 multiplier[4]
 *     int32 shift[4]                  of the product's high word; negative: to the right
 */

#ifndef ZC_MVE_PRODUCT_H_
#define ZC_MVE_PRODUCT_H_

#include <stdint.h>

struct zc_mve_product {
	int32_t zero;      /* of y */
	int32_t depth;     /* K */
	const int8_t *end; /* of the blocks */
};

/**
 * @brief All output channels of one pixel.
 *
 * @param x K inputs
 * @param blocks the weights' stream
 * @param y outputs, a multiple of 4
 * @param product sizes
 */
void zc_mve_product_one(const int8_t *x, const int8_t *blocks, int8_t *y,
			const struct zc_mve_product *product);

/** @brief All output channels of two pixels. */
void zc_mve_product_two(const int8_t *x0, const int8_t *x1, const int8_t *blocks, int8_t *y0,
			int8_t *y1, const struct zc_mve_product *product);

/** @brief zc_mve_product_one(), or what does more. */
typedef void zc_mve_one(const int8_t *x, const int8_t *blocks, int8_t *y,
			const struct zc_mve_product *product);

/** @brief zc_mve_product_two(), or what does more. */
typedef void zc_mve_two(const int8_t *x0, const int8_t *x1, const int8_t *blocks, int8_t *y0,
			int8_t *y1, const struct zc_mve_product *product);

#endif /* ZC_MVE_PRODUCT_H_ */
