/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* Additions and average pools. */

#ifndef ZC_MVE_ELEMENTWISE_H_
#define ZC_MVE_ELEMENTWISE_H_

#include <stdint.h>

/**
 * @brief Sum of two int8 tensors: clamp(((start + a * factor_a + b * factor_b) >> shift) + zero).
 *
 * @param a, b inputs
 * @param op struct zc_mve_add
 * @param y outputs
 * @return 0
 */
int32_t zc_mve_add(const int8_t *a, const int8_t *b, const int32_t *op, int8_t *y);

struct zc_mve_add {
	int32_t size;
	int32_t start;
	int32_t factor_a;
	int32_t factor_b;
	int32_t shift;
	int32_t zero;
	int32_t low;
	int32_t high;
};

/**
 * @brief Average over windows of at most 255 elements, of a multiple of 8 channels, NHWC.
 *
 * @param x inputs
 * @param op struct zc_mve_average
 * @param y outputs
 * @return 0
 */
int32_t zc_mve_average(const int8_t *x, const int32_t *op, int8_t *y);

struct zc_mve_average {
	int32_t images;
	int32_t x_height;
	int32_t x_width;
	int32_t y_height;
	int32_t y_width;
	int32_t channels;
	int32_t rows; /* of the window */
	int32_t columns;
	int32_t row_stride;
	int32_t column_stride;
	int32_t start; /* of a sum: takes x's zero point off */
	/* (sum * multiplier + (1 << (shift - 1))) >> shift; or sum / elements, to the nearest, ties
	 * away from zero, if the multiplier is 0.
	 */
	int32_t multiplier;
	int32_t shift;
	int32_t zero;
	int32_t low;
	int32_t high;
};

#endif /* ZC_MVE_ELEMENTWISE_H_ */
