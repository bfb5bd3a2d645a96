/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * The sizes of a convolution, as fields with which the structs of kernels begin. geometry() of
 * words.py writes them.
 */

#ifndef ZC_GEOMETRY_H_
#define ZC_GEOMETRY_H_

#include <stdint.h>

/*
 * Rows and columns are those of the kernel. All taps of a window are in x where
 * 0 <= top < inner_rows and 0 <= left < inner_columns.
 */
#define ZC_GEOMETRY                                                                                \
	int32_t images;                                                                            \
	int32_t x_height;                                                                          \
	int32_t x_width;                                                                           \
	int32_t x_channels;                                                                        \
	int32_t y_height;                                                                          \
	int32_t y_width;                                                                           \
	int32_t y_channels;                                                                        \
	int32_t rows;                                                                              \
	int32_t columns;                                                                           \
	int32_t row_stride;                                                                        \
	int32_t column_stride;                                                                     \
	int32_t row_dilation;                                                                      \
	int32_t column_dilation;                                                                   \
	int32_t pad_top;                                                                           \
	int32_t pad_left;                                                                          \
	int32_t inner_rows;                                                                        \
	int32_t inner_columns;

#endif /* ZC_GEOMETRY_H_ */
