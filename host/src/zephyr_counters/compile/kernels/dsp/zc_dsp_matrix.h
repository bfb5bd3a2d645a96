/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* Matrix products: one row (dense), or many (pointwise convolutions). */

#ifndef ZC_DSP_MATRIX_H_
#define ZC_DSP_MATRIX_H_

#include <stdint.h>

#include "zc_dsp_product.h"

/**
 * @brief One row.
 *
 * @param x inputs
 * @param op struct zc_dsp_matrix and the weights' blocks (zc_dsp_product.h)
 * @param y outputs
 * @param scratch inputs as int16, a multiple of 8; then outputs, a multiple of 4, unless their
 *        number is one
 * @return 0
 */
int32_t zc_dsp_dense(const int8_t *x, const int32_t *op, int8_t *y, void *scratch);

/**
 * @brief Two rows or more, of a multiple of 8 inputs and of 4 outputs each.
 *
 * @param x inputs
 * @param op struct zc_dsp_matrix and the weights' blocks
 * @param y outputs
 * @param scratch inputs of two rows as int16
 * @return 0
 */
int32_t zc_dsp_pointwise(const int8_t *x, const int32_t *op, int8_t *y, void *scratch);

/** @brief The same with a product of the caller's choice. */
int32_t zc_dsp_dense_by(const int8_t *x, const int32_t *op, int8_t *y, void *scratch,
			zc_dsp_one *product);
int32_t zc_dsp_pointwise_by(const int8_t *x, const int32_t *op, int8_t *y, void *scratch,
			    zc_dsp_two *product);

/* With int16 weights. */
int32_t zc_dsp_dense_wide(const int8_t *x, const int32_t *op, int8_t *y, void *scratch);
int32_t zc_dsp_pointwise_wide(const int8_t *x, const int32_t *op, int8_t *y, void *scratch);

struct zc_dsp_matrix {
	int32_t rows;
	int32_t inputs;  /* per row */
	int32_t outputs; /* per row */
	int32_t size;    /* of the blocks, in words */
	int32_t x_flip;  /* 0x80808080 if x is uint8, otherwise 0; y_flip likewise */
	int32_t y_flip;
	int32_t low;
	int32_t high;
};

#endif /* ZC_DSP_MATRIX_H_ */
