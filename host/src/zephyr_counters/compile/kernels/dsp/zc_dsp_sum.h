/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * Convolutions to whose output another tensor is added, two pixels at a time. y may be in the
 * memory of what is added.
 */

#ifndef ZC_DSP_SUM_H_
#define ZC_DSP_SUM_H_

#include <stdint.h>

#include "zc_dsp_product.h"

/**
 * @brief zc_dsp_conv() and an addition.
 *
 * @param x inputs
 * @param addend what is added
 * @param op struct zc_sum, then what zc_dsp_conv() takes
 * @param y sums
 * @param scratch two pixels' outputs, then ZC_DSP_SUM_SCRATCH bytes, then what zc_dsp_conv() takes
 * @return 0
 */
int32_t zc_dsp_conv_sum(const int8_t *x, const int8_t *addend, const int32_t *op, int8_t *y,
			void *scratch);

/** @brief zc_dsp_pointwise() and an addition, likewise. */
int32_t zc_dsp_pointwise_sum(const int8_t *x, const int8_t *addend, const int32_t *op, int8_t *y,
			     void *scratch);

/* With int16 weights. */
int32_t zc_dsp_conv_sum_wide(const int8_t *x, const int8_t *addend, const int32_t *op, int8_t *y,
			     void *scratch);
int32_t zc_dsp_pointwise_sum_wide(const int8_t *x, const int8_t *addend, const int32_t *op,
				  int8_t *y, void *scratch);

/* The same with a product of the caller's choice. */
int32_t zc_dsp_conv_sum_by(const int8_t *x, const int8_t *addend, const int32_t *op, int8_t *y,
			   void *scratch, zc_dsp_two *product);
int32_t zc_dsp_pointwise_sum_by(const int8_t *x, const int8_t *addend, const int32_t *op, int8_t *y,
				void *scratch, zc_dsp_two *product);

#define ZC_DSP_SUM_SCRATCH 40

/**
 * @brief Prepare scratch memory for zc_dsp_sum_two().
 *
 * @param addend what is added
 * @param op struct zc_sum
 * @param y sums
 * @param scratch two pixels' outputs, then ZC_DSP_SUM_SCRATCH bytes, then the product's inputs
 * @param channels of a pixel; a multiple of 4
 * @param product computes the convolution's outputs
 * @return the scratch memory for the product's inputs
 */
void *zc_dsp_sum_begin(const int8_t *addend, const int32_t *op, const int8_t *y, void *scratch,
		       int32_t channels, zc_dsp_two *product);

/** @brief All sums of two pixels: a product like zc_dsp_product_two(), which it calls. */
void zc_dsp_sum_two(const int16_t *x, const int16_t *x_end, const void *blocks,
		    const void *blocks_end, int8_t *y0, int8_t *y1);

#endif /* ZC_DSP_SUM_H_ */
