/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * Inner products of int16 activations and int8 weights, two multiplications per instruction, four
 * output channels at a time.
 *
 * Weights come as a stream of blocks, one per four output channels:
 *
 *     int32 start[4]                      initial sums
 *     uint32 word[K / 2][2]               weights; K is a multiple of 8
 *     struct {int32 m, c, k} scale[4]     requantization
 *
 * A word has the weights of two inputs (i, j) for two outputs (e, o), in two signed halfwords of
 * value o[i] * 256 + e[i] and o[j] * 256 + e[j]. SXTB16 takes the even output's weights out of it;
 * the sum with the whole word less the even output's is 256 times the odd output's. So one
 * extension serves four weights, and the odd outputs' requantization divides by 256 in addition.
 * For a sum (256 times the sum in odd channels):
 *
 *     y = clamp(((high word of sum * m) + c) >> k, -128, 127)
 */

#ifndef ZC_DSP_PRODUCT_H_
#define ZC_DSP_PRODUCT_H_

#include <stdint.h>

/** @brief All output channels of two pixels: zc_dsp_product_two() or zc_dsp_product_two_wide(). */
typedef void zc_dsp_two(const int16_t *x, const int16_t *x_end, const void *blocks,
			const void *blocks_end, int8_t *y0, int8_t *y1);

/** @brief All output channels of one pixel: zc_dsp_product_one() or zc_dsp_product_one_wide(). */
typedef void zc_dsp_one(const int16_t *x, const int16_t *x_end, const void *blocks,
			const void *blocks_end, int8_t *y);

/**
 * @brief All output channels of two pixels.
 *
 * @param x pairs of inputs, alternately of the first and of the second pixel; 8-byte aligned
 * @param x_end where x ends
 * @param blocks the weights' stream
 * @param blocks_end where it ends
 * @param y0, y1 outputs of the first and of the second pixel
 */
void zc_dsp_product_two(const int16_t *x, const int16_t *x_end, const void *blocks,
			const void *blocks_end, int8_t *y0, int8_t *y1);

/** @brief All output channels of one pixel, whose inputs are contiguous. */
void zc_dsp_product_one(const int16_t *x, const int16_t *x_end, const void *blocks,
			const void *blocks_end, int8_t *y);

/*
 * The same for weights that are int16, each on its own: K / 2 times four words, one per output, of
 * two inputs. All sums are as they are, also those of odd channels.
 */

void zc_dsp_product_two_wide(const int16_t *x, const int16_t *x_end, const void *blocks,
			     const void *blocks_end, int8_t *y0, int8_t *y1);

void zc_dsp_product_one_wide(const int16_t *x, const int16_t *x_end, const void *blocks,
			     const void *blocks_end, int8_t *y);

#endif /* ZC_DSP_PRODUCT_H_ */
