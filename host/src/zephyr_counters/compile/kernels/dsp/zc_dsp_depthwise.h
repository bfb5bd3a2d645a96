/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * Depthwise convolutions with a 3x3 kernel. A channel's rows are gathered as int16 in a plane with
 * its padding, from which SMLAD takes two taps of a row at a time. A plane's pitch (elements from a
 * row to the next) is in the instructions' offsets, so each pitch has functions of its own.
 */

#ifndef ZC_DSP_DEPTHWISE_H_
#define ZC_DSP_DEPTHWISE_H_

#include <stdint.h>

struct zc_dsp_channel {
	/* Per row of the kernel w0, w1, w1, w2. */
	int8_t weight[3][4];
	int32_t bias;
	/* y = clamp(((high word of sum * m) + c) >> k, -128, 127) */
	int32_t m;
	int32_t c;
	int32_t k;
};

struct zc_dsp_depthwise {
	int32_t images;
	int32_t x_height;
	int32_t x_width;
	int32_t y_height;
	int32_t y_width;
	int32_t channels;
	int32_t stride;
	int32_t pad_top;
	int32_t pad_left;
	int32_t columns; /* of x that are read */
	int32_t strip;   /* rows of y at a time */
	int32_t plane;   /* rows of the plane that a strip takes */
	int32_t pitch;
	int32_t zero; /* of x: what padding reads as */
	int32_t low;
	int32_t high;
	struct zc_dsp_channel channel[];
};

/**
 * @brief Rows of one output channel.
 *
 * @param plane inputs
 * @param y the channel's first output
 * @param channel weights and requantization
 * @param rows number of output rows
 * @param columns number of output columns
 * @param step bytes from an output to the next of the channel
 */
typedef void zc_dsp_rows(const int16_t *plane, int8_t *y, const struct zc_dsp_channel *channel,
			 int32_t rows, int32_t columns, int32_t step);

/**
 * @brief A convolution; `rows` is the function of its pitch and stride.
 *
 * @param x inputs
 * @param op struct zc_dsp_depthwise
 * @param y outputs
 * @param scratch the plane
 * @param rows computes rows of a channel
 */
int32_t zc_dsp_depthwise(const int8_t *x, const int32_t *op, int8_t *y, void *scratch,
			 zc_dsp_rows *rows);

/* The same for stride S and pitch P: zc_dsp_depthwiseS_P. */
int32_t zc_dsp_depthwise1_16(const int8_t *x, const int32_t *op, int8_t *y, void *scratch);
int32_t zc_dsp_depthwise1_32(const int8_t *x, const int32_t *op, int8_t *y, void *scratch);
int32_t zc_dsp_depthwise1_64(const int8_t *x, const int32_t *op, int8_t *y, void *scratch);
int32_t zc_dsp_depthwise1_128(const int8_t *x, const int32_t *op, int8_t *y, void *scratch);
int32_t zc_dsp_depthwise2_16(const int8_t *x, const int32_t *op, int8_t *y, void *scratch);
int32_t zc_dsp_depthwise2_32(const int8_t *x, const int32_t *op, int8_t *y, void *scratch);
int32_t zc_dsp_depthwise2_64(const int8_t *x, const int32_t *op, int8_t *y, void *scratch);
int32_t zc_dsp_depthwise2_128(const int8_t *x, const int32_t *op, int8_t *y, void *scratch);

#endif /* ZC_DSP_DEPTHWISE_H_ */
