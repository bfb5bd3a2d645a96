/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#ifndef ZC_CMSIS_NN_COMMON_H_
#define ZC_CMSIS_NN_COMMON_H_

#include <arm_nnfunctions.h>

#include "zc_cmsis_nn.h"

#if !defined(CMSIS_NN_USE_SINGLE_ROUNDING)
#error "the model's kernels need CMSIS-NN with single rounding: define CMSIS_NN_USE_SINGLE_ROUNDING"
#endif

/*
 * Scratch memory and constants depend on which of its paths CMSIS-NN is compiled to. patterns.py
 * puts this text and the path it counted with, ZC_CMSIS_NN_CORE, into each file.
 */
#if defined(ARM_MATH_MVEI)
#define ZC_CMSIS_NN_PATH 2
#elif defined(ARM_MATH_DSP)
#define ZC_CMSIS_NN_PATH 1
#else
#define ZC_CMSIS_NN_PATH 0
#endif
#if ZC_CMSIS_NN_PATH != ZC_CMSIS_NN_CORE
#error "the model's kernels need this very core: give --board or --target-c-mcpu to tvmc compile"
#endif

/** What an accelerator reports; zephyr_counters/error.h. */
void zc_kernel_failed(int err);

/** @brief Report it if CMSIS-NN refuses an operator, which none that patterns.py takes should be.
 */
static inline int32_t zc_cmsis_nn_done(arm_cmsis_nn_status status)
{
	if (status != ARM_CMSIS_NN_SUCCESS) {
		zc_kernel_failed(-22);
	}
	return 0;
}

static inline cmsis_nn_context zc_cmsis_nn_context(void *scratch, int32_t size)
{
	return (cmsis_nn_context){.buf = size == 0 ? NULL : scratch, .size = size};
}

static inline cmsis_nn_dims zc_cmsis_nn_x(const struct zc_cmsis_nn_window *w)
{
	return (cmsis_nn_dims){.n = w->batch, .h = w->x_h, .w = w->x_w, .c = w->x_c};
}

static inline cmsis_nn_dims zc_cmsis_nn_y(const struct zc_cmsis_nn_window *w)
{
	return (cmsis_nn_dims){.n = w->batch, .h = w->y_h, .w = w->y_w, .c = w->y_c};
}

/** Dimensions of one number per channel. */
static inline cmsis_nn_dims zc_cmsis_nn_channels(int32_t channels)
{
	return (cmsis_nn_dims){.n = 1, .h = 1, .w = 1, .c = channels};
}

static inline cmsis_nn_pool_params zc_cmsis_nn_pool(const struct zc_cmsis_nn_window *w)
{
	return (cmsis_nn_pool_params){
		.stride = {.h = w->stride_h, .w = w->stride_w},
		.padding = {.h = w->pad_h, .w = w->pad_w},
		.activation = {.min = w->low, .max = w->high},
	};
}

/** Multipliers, and shifts after them. CMSIS-NN reads them, but not as const. */
static inline cmsis_nn_per_channel_quant_params zc_cmsis_nn_scales(const int32_t *multipliers,
								   int32_t channels)
{
	return (cmsis_nn_per_channel_quant_params){
		.multiplier = (int32_t *)(uintptr_t)multipliers,
		.shift = (int32_t *)(uintptr_t)(multipliers + channels),
	};
}

#endif /* ZC_CMSIS_NN_COMMON_H_ */
