/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* Sizes of additions, multiplications, pools and tables; what is the same for all cores. */

#ifndef ZC_ELEMENTWISE_H_
#define ZC_ELEMENTWISE_H_

#include <stdint.h>

/* clamp(((start + a * factor_a + b * factor_b) >> shift) + zero); flips are 0x80808080 for tensors
 * of uint8, otherwise 0.
 */
struct zc_add {
	int32_t size;
	int32_t start;
	int32_t factor_a;
	int32_t factor_b;
	int32_t shift;
	int32_t zero;
	int32_t low;
	int32_t high;
	int32_t a_flip;
	int32_t b_flip;
	int32_t y_flip;
};

/* clamp((((a - a_zero) * (b - b_zero) * multiplier + (1 << (shift - 1))) >> shift) + zero) */
struct zc_multiply {
	int32_t size;
	int32_t a_zero;
	int32_t b_zero;
	int32_t multiplier;
	int32_t shift; /* at least 33 */
	int32_t zero;
	int32_t low;
	int32_t high;
	int32_t a_flip;
	int32_t b_flip;
	int32_t y_flip;
};

struct zc_lookup {
	int32_t size;
	uint8_t table[256]; /* by x as unsigned */
};

struct zc_average {
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
	int32_t x_flip;
	int32_t y_flip;
};

struct zc_max_pool {
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
	int32_t row_dilation;
	int32_t column_dilation;
	int32_t pad_top;
	int32_t pad_left;
	int32_t flip;
};

/**
 * @brief All channels of one average.
 *
 * @param x the window's first pixel
 * @param op sizes
 * @param y outputs
 */
typedef void zc_average_pixel(const int8_t *x, const struct zc_average *op, int8_t *y);

/** @brief An average pool, NHWC, of at most 255 elements; `average` computes a pixel. */
int32_t zc_average(const int8_t *x, const int32_t *op, int8_t *y, zc_average_pixel *average);

/** @brief An output from a sum of a window's elements. */
int8_t zc_mean(int32_t sum, const struct zc_average *op);

/* The taps of a window that are in x. */
struct zc_taps {
	const int8_t *first;
	int32_t rows;
	int32_t columns;
	int32_t row_step; /* bytes from one to the next */
	int32_t column_step;
};

/**
 * @brief All channels of one maximum.
 *
 * @param taps at least one
 * @param op sizes
 * @param y outputs
 */
typedef void zc_max_pixel(const struct zc_taps *taps, const struct zc_max_pool *op, int8_t *y);

/** @brief A maximum pool, NHWC, every window of which has a tap in x. */
int32_t zc_max_pool(const int8_t *x, const int32_t *op, int8_t *y, zc_max_pixel *maximum);

#endif /* ZC_ELEMENTWISE_H_ */
