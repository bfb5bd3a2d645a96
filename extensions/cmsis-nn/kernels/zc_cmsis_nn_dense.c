/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include "zc_cmsis_nn_common.h"

int32_t zc_cmsis_nn_dense(const int8_t *x, const int32_t *op, int8_t *y)
{
	const struct zc_cmsis_nn_dense *d = (const void *)op;
	const int32_t *bias = (const int32_t *)(d + 1);
	const int32_t *next = bias + d->outputs;
	const int32_t *multipliers = next;
	const cmsis_nn_fc_params params = {
		.input_offset = d->x_offset,
		.filter_offset = 0,
		.output_offset = d->y_offset,
		.activation = {.min = d->low, .max = d->high},
	};
	const cmsis_nn_dims x_dims = {.n = d->rows, .h = 1, .w = 1, .c = d->inputs};
	const cmsis_nn_dims y_dims = {.n = d->rows, .h = 1, .w = 1, .c = d->outputs};
	const cmsis_nn_dims filter = {.n = d->inputs, .h = 1, .w = 1, .c = d->outputs};
	const cmsis_nn_dims bias_dims = zc_cmsis_nn_channels(d->outputs);
	cmsis_nn_context context = {.buf = NULL};

	if (d->multiplier == 0) {
		next += 2 * d->outputs;
	}
	if (ZC_CMSIS_NN_PATH == 2) {
		context.buf = (void *)(uintptr_t)next;
		next += d->outputs;
	}
	if (d->multiplier == 0) {
		const cmsis_nn_per_channel_quant_params quant =
			zc_cmsis_nn_scales(multipliers, d->outputs);

		return zc_cmsis_nn_done(arm_fully_connected_per_channel_s8(
			&context, &params, &quant, &x_dims, x, &filter, (const int8_t *)next,
			&bias_dims, bias, &y_dims, y));
	}
	const cmsis_nn_per_tensor_quant_params quant = {
		.multiplier = d->multiplier,
		.shift = d->shift,
	};

	return zc_cmsis_nn_done(arm_fully_connected_s8(&context, &params, &quant, &x_dims, x,
						       &filter, (const int8_t *)next, &bias_dims,
						       bias, &y_dims, y));
}
