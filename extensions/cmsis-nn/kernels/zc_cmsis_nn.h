/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * Operators computed by CMSIS-NN. `op` points to one of the structs below, and what follows it in
 * memory is listed there. patterns.py writes them.
 */

#ifndef ZC_CMSIS_NN_H_
#define ZC_CMSIS_NN_H_

#include <stdint.h>

/** Sizes of a window that moves over an image; `x_offset` is minus x's zero point. */
struct zc_cmsis_nn_window {
	int32_t batch;
	int32_t x_h;
	int32_t x_w;
	int32_t x_c;
	int32_t y_h;
	int32_t y_w;
	int32_t y_c;
	int32_t h;
	int32_t w;
	int32_t stride_h;
	int32_t stride_w;
	int32_t dilation_h;
	int32_t dilation_w;
	int32_t pad_h;
	int32_t pad_w;
	int32_t x_offset;
	int32_t y_offset;
	int32_t low;
	int32_t high;
	/** Bytes of scratch memory; 0 for none, whatever the pointer is. */
	int32_t scratch;
};

/** bias[y_c], multiplier[y_c], shift[y_c], weights[y_c][h][w][x_c] */
int32_t zc_cmsis_nn_conv(const int8_t *x, const int32_t *op, int8_t *y, void *scratch);

/** bias[y_c], multiplier[y_c], shift[y_c], weights[h][w][y_c] */
int32_t zc_cmsis_nn_depthwise(const int8_t *x, const int32_t *op, int8_t *y, void *scratch);

/** nothing */
int32_t zc_cmsis_nn_average(const int8_t *x, const int32_t *op, int8_t *y, void *scratch);
int32_t zc_cmsis_nn_maximum(const int8_t *x, const int32_t *op, int8_t *y);

struct zc_cmsis_nn_dense {
	int32_t rows;
	int32_t inputs;
	int32_t outputs;
	int32_t x_offset;
	int32_t y_offset;
	int32_t low;
	int32_t high;
	/** Of all outputs, or 0 if each has its own. */
	int32_t multiplier;
	int32_t shift;
};

/**
 * bias[outputs]; multiplier[outputs], shift[outputs] if each has its own; with MVE
 * sums[outputs], bias + x_offset * the sum of a row of weights; weights[outputs][inputs]
 */
int32_t zc_cmsis_nn_dense(const int8_t *x, const int32_t *op, int8_t *y);

#endif /* ZC_CMSIS_NN_H_ */
