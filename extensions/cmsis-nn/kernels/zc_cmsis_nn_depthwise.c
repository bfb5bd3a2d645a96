/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include "zc_cmsis_nn_common.h"

int32_t zc_cmsis_nn_depthwise(const int8_t *x, const int32_t *op, int8_t *y, void *scratch)
{
	const struct zc_cmsis_nn_window *w = (const void *)op;
	const int32_t *bias = (const int32_t *)(w + 1);
	const cmsis_nn_context context = zc_cmsis_nn_context(scratch, w->scratch);
	const cmsis_nn_dw_conv_params params = {
		.input_offset = w->x_offset,
		.output_offset = w->y_offset,
		.ch_mult = 1,
		.stride = {.h = w->stride_h, .w = w->stride_w},
		.padding = {.h = w->pad_h, .w = w->pad_w},
		.dilation = {.h = w->dilation_h, .w = w->dilation_w},
		.activation = {.min = w->low, .max = w->high},
	};
	const cmsis_nn_per_channel_quant_params quant = zc_cmsis_nn_scales(bias + w->y_c, w->y_c);
	const cmsis_nn_dims x_dims = zc_cmsis_nn_x(w);
	const cmsis_nn_dims y_dims = zc_cmsis_nn_y(w);
	const cmsis_nn_dims filter = {.n = 1, .h = w->h, .w = w->w, .c = w->y_c};
	const cmsis_nn_dims bias_dims = zc_cmsis_nn_channels(w->y_c);
	const int8_t *weights = (const int8_t *)(bias + 3 * w->y_c);

	return zc_cmsis_nn_done(arm_depthwise_conv_wrapper_s8(&context, &params, &quant, &x_dims, x,
							      &filter, weights, &bias_dims, bias,
							      &y_dims, y));
}
