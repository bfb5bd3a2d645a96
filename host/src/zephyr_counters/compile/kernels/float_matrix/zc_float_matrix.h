/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * Products of rows of floats with a matrix, then bias and limits. Sums are added up in the order of
 * the inputs, product and addition fused.
 */

#ifndef ZC_FLOAT_MATRIX_H_
#define ZC_FLOAT_MATRIX_H_

#include <stdint.h>

/* In the order of the constant `sizes`. */
struct zc_float_matrix {
	int32_t rows;
	int32_t inputs;  /* per row; a multiple of 4 */
	int32_t outputs; /* per row */
	int32_t has_low;
	int32_t has_high;
};

/**
 * @brief One row's sums, eight at a time.
 *
 * @param x inputs
 * @param x_end where they end
 * @param weight weights, [outputs / 8][inputs][8]
 * @param weight_end where they end
 * @param y sums, a multiple of 8
 */
typedef void zc_float_row(const float *x, const float *x_end, const float *weight,
			  const float *weight_end, float *y);

/**
 * @brief The product; `row` computes a row.
 *
 * @param x inputs
 * @param sizes struct zc_float_matrix
 * @param floats the lowest and the highest output, a bias per output, and the weights
 * @param y outputs
 * @param scratch a row's sums, a multiple of 8, unless their number is one
 * @param row computes a row
 * @return 0
 */
int32_t zc_float_matrix(const float *x, const int32_t *sizes, const float *floats, float *y,
			void *scratch, zc_float_row *row);

/** @brief The product by floats in registers. */
int32_t zc_vfp_matrix(const float *x, const int32_t *sizes, const float *floats, float *y,
		      void *scratch);

/** @brief The product by vectors of floats. */
int32_t zc_mve_float_matrix(const float *x, const int32_t *sizes, const float *floats, float *y,
			    void *scratch);

#endif /* ZC_FLOAT_MATRIX_H_ */
