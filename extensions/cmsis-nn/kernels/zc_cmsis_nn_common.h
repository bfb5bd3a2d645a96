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

#endif /* ZC_CMSIS_NN_COMMON_H_ */
