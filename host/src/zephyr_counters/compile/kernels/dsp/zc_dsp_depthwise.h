/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * Depthwise convolutions. A channel's rows are gathered as int16 in a plane with its padding, from
 * which SMLAD takes two taps of a row at a time. With a 3x3 kernel a plane's pitch (elements from a
 * row to the next) is in the instructions' offsets, so each pitch has functions of its own.
 */

#ifndef ZC_DSP_DEPTHWISE_H_
#define ZC_DSP_DEPTHWISE_H_

#include <stdint.h>

/* An output channel of a 3x3 kernel. */
struct zc_dsp_channel {
	/* Per row of the kernel w0, w1, w1, w2. */
	int8_t weight[3][4];
	int32_t bias;
	/* y = clamp(((high word of sum * m) + c) >> k, -128, 127) */
	int32_t m;
	int32_t c;
	int32_t k;
};

/* An output channel of any kernel. */
struct zc_dsp_channel_any {
	int32_t bias;
	int32_t m;
	int32_t c;
	int32_t k;
	int32_t pair[]; /* two weights as int16, `pairs` for each row of the kernel */
};

struct zc_dsp_depthwise {
	int32_t images;
	int32_t channels; /* of x */
	int32_t multiplier;
	int32_t x_height;
	int32_t y_height;
	int32_t y_width;
	/* Elements from one to the next. */
	int32_t x_image;
	int32_t x_row;
	int32_t x_column;
	int32_t x_channel;
	int32_t y_image;
	int32_t y_column;
	int32_t y_channel;
	int32_t row_stride;
	int32_t column_stride;
	int32_t pad_top;
	int32_t pad_left;
	int32_t columns; /* of x that are read */
	int32_t strip;   /* rows of y at a time */
	int32_t plane;   /* rows of the plane that a strip takes */
	int32_t pitch;
	int32_t rows;         /* of the kernel */
	int32_t pairs;        /* per row of the kernel */
	int32_t row_step;     /* in the plane, from a row of the kernel to the next */
	int32_t channel_size; /* bytes of an output channel's struct */
	int32_t zero;         /* of x: what padding reads as */
	int32_t x_flip;       /* 0x80808080 if x is uint8, otherwise 0; y_flip likewise */
	int32_t y_flip;
	int32_t low;
	int32_t high;
	/* Then a struct per output channel. */
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
 * @param op sizes
 */
typedef void zc_dsp_rows(const int16_t *plane, int8_t *y, const void *channel, int32_t rows,
			 int32_t columns, int32_t step, const struct zc_dsp_depthwise *op);

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

/**
 * @brief Any kernel and stride; columns of the kernel are neighbours.
 *
 * @param x inputs
 * @param op struct zc_dsp_depthwise
 * @param y outputs
 * @param scratch the plane
 * @return 0
 */
int32_t zc_dsp_depthwise_any(const int8_t *x, const int32_t *op, int8_t *y, void *scratch);

/* A 3x3 kernel with stride S and pitch P: zc_dsp_depthwiseS_P. */
int32_t zc_dsp_depthwise1_16(const int8_t *x, const int32_t *op, int8_t *y, void *scratch);
int32_t zc_dsp_depthwise1_32(const int8_t *x, const int32_t *op, int8_t *y, void *scratch);
int32_t zc_dsp_depthwise1_64(const int8_t *x, const int32_t *op, int8_t *y, void *scratch);
int32_t zc_dsp_depthwise1_128(const int8_t *x, const int32_t *op, int8_t *y, void *scratch);
int32_t zc_dsp_depthwise2_16(const int8_t *x, const int32_t *op, int8_t *y, void *scratch);
int32_t zc_dsp_depthwise2_32(const int8_t *x, const int32_t *op, int8_t *y, void *scratch);
int32_t zc_dsp_depthwise2_64(const int8_t *x, const int32_t *op, int8_t *y, void *scratch);
int32_t zc_dsp_depthwise2_128(const int8_t *x, const int32_t *op, int8_t *y, void *scratch);

#endif /* ZC_DSP_DEPTHWISE_H_ */
