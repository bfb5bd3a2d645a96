/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include "zc_cmsis_nn_common.h"

int32_t zc_cmsis_nn_average(const int8_t *x, const int32_t *op, int8_t *y, void *scratch)
{
	const struct zc_cmsis_nn_window *w = (const void *)op;
	const cmsis_nn_context context = zc_cmsis_nn_context(scratch, w->scratch);
	const cmsis_nn_pool_params params = zc_cmsis_nn_pool(w);
	const cmsis_nn_dims x_dims = zc_cmsis_nn_x(w);
	const cmsis_nn_dims y_dims = zc_cmsis_nn_y(w);
	const cmsis_nn_dims window = {.n = 1, .h = w->h, .w = w->w, .c = 1};

	return zc_cmsis_nn_done(arm_avgpool_s8(&context, &params, &x_dims, x, &window, &y_dims, y));
}
