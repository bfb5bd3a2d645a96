/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * Depthwise convolutions, NHWC: all channels of one output pixel, 8 or 16 at a time, from pointers
 * to its taps. Taps in the padding point to a row of zero points.
 */

#ifndef ZC_MVE_DEPTHWISE_H_
#define ZC_MVE_DEPTHWISE_H_

#include <stdint.h>

#include "zc_geometry.h"

/**
 * @brief A 3x3 kernel, a multiple of 16 channels, no weight of -128.
 *
 * @param x inputs
 * @param op struct zc_mve_depthwise and blocks as zc_mve_taps16() takes them
 * @param y outputs
 * @param scratch pointers to 9 taps, then one pixel's channels
 * @return 0
 */
int32_t zc_mve_depthwise16(const int8_t *x, const int32_t *op, int8_t *y, void *scratch);

/**
 * @brief Any kernel, a multiple of 8 channels.
 *
 * @param x inputs
 * @param op struct zc_mve_depthwise and blocks as zc_mve_taps8() takes them
 * @param y outputs
 * @param scratch pointers to all taps, then one pixel's channels
 * @return 0
 */
int32_t zc_mve_depthwise8(const int8_t *x, const int32_t *op, int8_t *y, void *scratch);

/**
 * @brief Any kernel, number of channels and multiplier, int8 or uint8.
 *
 * @param x inputs
 * @param op struct zc_mve_depthwise; the input channel of each output channel as uint16, a multiple
 *        of 8; and blocks as zc_mve_taps8() takes them
 * @param y outputs
 * @param scratch pointers to all taps, then one pixel's channels
 * @return 0
 */
int32_t zc_mve_depthwise_any(const int8_t *x, const int32_t *op, int8_t *y, void *scratch);

struct zc_mve_depthwise {
	ZC_GEOMETRY
	int32_t x_zero;
	int32_t y_zero;
	int32_t low;
	int32_t high;
	int32_t x_flip; /* 0x80808080 if x is uint8, otherwise 0; y_flip likewise */
	int32_t y_flip;
	int32_t unused; /* blocks are 16-byte aligned */
};

/**
 * @brief All channels of one output pixel.
 *
 * @param taps where the channels of each tap are
 * @param op sizes
 * @param blocks what follows them
 * @param y outputs
 */
typedef void zc_mve_pixel(const int8_t *const *taps, const struct zc_mve_depthwise *op,
			  const int8_t *blocks, int8_t *y);

/**
 * @brief A convolution; `compute` computes a pixel.
 *
 * @param x inputs
 * @param op struct zc_mve_depthwise and blocks
 * @param y outputs
 * @param scratch pointers to all taps, then one pixel's channels
 * @param compute computes a pixel
 * @return 0
 */
int32_t zc_mve_depthwise(const int8_t *x, const int32_t *op, int8_t *y, void *scratch,
			 zc_mve_pixel *compute);

/**
 * @brief All channels of one pixel, 16 at a time.
 *
 * Blocks are a stream, one per 16 channels, with 4 channels each in the order (0, 4, 8, 12),
 * (2, 6, 10, 14), (1, 5, 9, 13), (3, 7, 11, 15), but weights in the order of channels:
 *
 *     int32 start[4][4]
 *     int8  weight[9][16]
 *     struct {int32 multiplier[4], shift[4]} [4]
 *
 * @param taps where the channels of each of 9 taps are
 * @param blocks the stream
 * @param y outputs
 * @param num_blocks number of blocks
 * @param zero y's zero point
 */
void zc_mve_taps16(const int8_t *const *taps, const int8_t *blocks, int8_t *y, int32_t num_blocks,
		   int32_t zero);

/**
 * @brief All channels of one pixel, 8 at a time.
 *
 * Blocks are a stream, one per 8 channels, with even channels before odd ones, but weights in the
 * order of channels:
 *
 *     int32 start[2][4]
 *     int8  weight[num_taps][8]
 *     int32 multiplier[2][4], shift[2][4]
 *
 * @param taps where the channels of each tap are
 * @param num_taps number of taps
 * @param blocks the stream
 * @param y outputs
 * @param channels number of channels
 * @param zero y's zero point
 */
void zc_mve_taps8(const int8_t *const *taps, int32_t num_taps, const int8_t *blocks, int8_t *y,
		  int32_t channels, int32_t zero);

#endif /* ZC_MVE_DEPTHWISE_H_ */
