/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * Convolutions of any kernel, stride, dilation and padding. The taps of two output pixels are
 * widened to int16 in scratch memory, then multiplied with all output channels' weights.
 */

#ifndef ZC_DSP_CONV_H_
#define ZC_DSP_CONV_H_

#include <stdint.h>

#include "zc_geometry.h"

#include "zc_dsp_product.h"

/**
 * @brief A convolution of one group, NHWC.
 *
 * @param x inputs
 * @param op struct zc_dsp_conv and the weights' blocks (zc_dsp_product.h)
 * @param y outputs
 * @param scratch taps of two pixels as int16, each a multiple of 8; then two pixels' outputs, each
 *        a multiple of 4, unless their number is one; then taps of one pixel as int8
 * @return 0
 */
int32_t zc_dsp_conv(const int8_t *x, const int32_t *op, int8_t *y, void *scratch);

/** @brief The same with a product of the caller's choice. */
int32_t zc_dsp_conv_by(const int8_t *x, const int32_t *op, int8_t *y, void *scratch,
		       zc_dsp_two *product);

/** @brief The same with int16 weights. */
int32_t zc_dsp_conv_wide(const int8_t *x, const int32_t *op, int8_t *y, void *scratch);

struct zc_dsp_conv {
	/* A pixel's taps are read from x where they all lie in it and a row's are contiguous. */
	ZC_GEOMETRY
	int32_t zero;   /* of x: what padding reads as */
	int32_t taps;   /* a multiple of 8 */
	int32_t size;   /* of the blocks, in words */
	int32_t x_flip; /* 0x80808080 if x is uint8, otherwise 0; y_flip likewise */
	int32_t y_flip;
	int32_t low;
	int32_t high;
};

#endif /* ZC_DSP_CONV_H_ */
