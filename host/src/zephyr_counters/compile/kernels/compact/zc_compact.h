/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* Convolutions of floats, NHWC, with weights that take one or two bytes in flash.
 *
 * Sums are added up in the order of kernel row, kernel column and channel, then multiplied by the
 * output channel's scale; bias and limits follow.
 */

#ifndef ZC_COMPACT_H_
#define ZC_COMPACT_H_

#include <stdint.h>

/* In the order of the constant `sizes`. */
struct zc_compact {
	int32_t images;
	int32_t x_height;
	int32_t x_width;
	int32_t x_channels;
	int32_t y_height;
	int32_t y_width;
	int32_t y_channels;
	int32_t height; /* of the kernel */
	int32_t width;
	int32_t row_stride;
	int32_t column_stride;
	int32_t row_dilation;
	int32_t column_dilation;
	int32_t pad_top;
	int32_t pad_left;
	int32_t groups;
	int32_t has_low;
	int32_t has_high;
	int32_t is_product; /* of one row: one pixel of a kernel of 1 by 1, one group */
};

/* `floats`: the lowest and the highest output, a bias and a scale per output channel. `weights`:
 * [output channel][height][width][channel of the group]. `scratch`: the weights of two output
 * channels as floats; not used if there is one pixel.
 */
int32_t zc_compact_int8(const float *x, const int32_t *sizes, const float *floats,
			const int8_t *weights, float *y, void *scratch);

/* Weights are binary16 numbers (IEEE 754), normal ones or 0: vectors flush others to 0. */
int32_t zc_compact_half(const float *x, const int32_t *sizes, const float *floats,
			const uint16_t *weights, float *y, void *scratch);

#endif
