/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* Convolutions of one group and matrix products, NHWC, from two pixels' taps at a time. */

#ifndef ZC_MVE_CONV_H_
#define ZC_MVE_CONV_H_

#include <stdint.h>

#include "zc_geometry.h"

#include "zc_mve_product.h"

struct zc_mve_conv;

/**
 * @brief Any kernel, stride, dilation and padding, or a matrix product.
 *
 * @param x inputs
 * @param op struct zc_mve_conv and the weights' blocks (zc_mve_product.h)
 * @param y outputs
 * @param scratch taps of two pixels, each a multiple of 16; then two pixels' outputs, each a
 *        multiple of 4, unless their number is one
 * @return 0
 */
int32_t zc_mve_conv(const int8_t *x, const int32_t *op, int8_t *y, void *scratch);

/** @brief The same with a product of the caller's choice, and its sizes. */
int32_t zc_mve_conv_by(const int8_t *x, const struct zc_mve_conv *op, int8_t *y, int8_t *scratch,
		       zc_mve_two *two, const struct zc_mve_product *product);

/** @brief The sizes for zc_mve_product_two(). */
struct zc_mve_product zc_mve_product_of(const struct zc_mve_conv *op);

/**
 * @brief A matrix product with 8 inputs or more per row, and a multiple of 4 outputs.
 *
 * Rows are the images, y_height and y_width.
 *
 * @param x inputs, read where they are: int8
 * @param op struct zc_mve_conv and the weights' blocks
 * @param y outputs
 * @param scratch the last row's inputs, a multiple of 16, unless their number is one
 * @return 0
 */
int32_t zc_mve_pointwise(const int8_t *x, const int32_t *op, int8_t *y, void *scratch);

/** @brief The same with products of the caller's choice, and their sizes. */
int32_t zc_mve_pointwise_by(const int8_t *x, const struct zc_mve_conv *op, int8_t *y,
			    int8_t *scratch, zc_mve_one *one, zc_mve_two *two,
			    const struct zc_mve_product *product);

/**
 * @brief A matrix product of one row.
 *
 * @param x inputs
 * @param op struct zc_mve_conv and the weights' blocks
 * @param y outputs
 * @param scratch inputs, a multiple of 16; then outputs, a multiple of 4
 * @return 0
 */
int32_t zc_mve_dense(const int8_t *x, const int32_t *op, int8_t *y, void *scratch);

struct zc_mve_conv {
	/* A pixel's taps are copied row by row where they all lie in x and a row's are contiguous.
	 */
	ZC_GEOMETRY
	int32_t x_zero; /* what padding reads as */
	int32_t taps;   /* a multiple of 16 */
	int32_t size;   /* of the blocks, in bytes */
	int32_t y_zero;
	int32_t low;
	int32_t high;
	int32_t x_flip; /* 0x80808080 if x is uint8, otherwise 0; y_flip likewise */
	int32_t y_flip;
	int32_t unused[3]; /* blocks are 16-byte aligned */
};

#endif /* ZC_MVE_CONV_H_ */
