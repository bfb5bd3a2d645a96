/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * Convolutions of any grouping, kernel, stride, dilation, padding and layout. The taps of two
 * output pixels are collected by a table of offsets, then multiplied with the weights of one group.
 */

#ifndef ZC_GATHER_H_
#define ZC_GATHER_H_

#include <stdint.h>

struct zc_gather {
	int32_t images;
	int32_t x_height;
	int32_t x_width;
	int32_t y_height;
	int32_t y_width;
	int32_t groups;
	int32_t depth;   /* input channels of a group */
	int32_t outputs; /* output channels of a group */
	int32_t rows;    /* of the kernel */
	int32_t columns;
	int32_t row_stride;
	int32_t column_stride;
	int32_t row_dilation;
	int32_t column_dilation;
	int32_t pad_top;
	int32_t pad_left;
	/* Elements from one to the next. */
	int32_t x_image;
	int32_t x_row;
	int32_t x_column;
	int32_t x_group;
	int32_t y_image;
	int32_t y_pixel;
	int32_t y_channel;
	int32_t y_group;
	/* All taps are in x where 0 <= top < inner_rows and 0 <= left < inner_columns. */
	int32_t inner_rows;
	int32_t inner_columns;
	int32_t zero; /* of x: what padding reads as */
	int32_t taps; /* that are multiplied */
	int32_t size; /* of a group's blocks, in bytes */
	int32_t x_flip;
	int32_t y_flip;
	int32_t y_zero;
	int32_t low;
	int32_t high;
	/* Per tap, from a window's first: [rows][columns][depth]. Then the blocks, 16-byte aligned.
	 */
	uint16_t offset[];
};

/** @brief A window: where it begins in x, and the offset of its first element. */
struct zc_window {
	int32_t top;
	int32_t left;
	int32_t origin;
	int32_t is_inside; /* all taps are in x */
};

/**
 * @brief What a core does for two pixels.
 *
 * @param op sizes
 * @param x the group's first input
 * @param windows two windows
 * @param blocks the group's weights
 * @param scratch taps
 * @param out outputs of the first, then of the second pixel, each a multiple of 4
 */
typedef void zc_gather_two(const struct zc_gather *op, const int8_t *x,
			   const struct zc_window *windows, const int8_t *blocks, void *scratch,
			   int8_t *out);

/**
 * @brief A convolution; `two` computes two pixels.
 *
 * @param x inputs
 * @param op sizes, offsets and blocks
 * @param y outputs
 * @param scratch taps of two pixels, `taps_size` bytes; then two pixels' outputs
 * @param taps_size size of the taps
 * @param two computes two pixels
 * @return 0
 */
int32_t zc_gather(const int8_t *x, const struct zc_gather *op, int8_t *y, void *scratch,
		  int32_t taps_size, zc_gather_two *two);

#endif /* ZC_GATHER_H_ */
