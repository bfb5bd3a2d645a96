/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* Additions, multiplications, pools and tables; op is the struct of zc_elementwise.h. */

#ifndef ZC_DSP_ELEMENTWISE_H_
#define ZC_DSP_ELEMENTWISE_H_

#include <stdint.h>

/** @brief Sum of two tensors. */
int32_t zc_dsp_add(const int8_t *a, const int8_t *b, const int32_t *op, int8_t *y);

/** @brief Product of two tensors. */
int32_t zc_dsp_multiply(const int8_t *a, const int8_t *b, const int32_t *op, int8_t *y);

/** @brief Each element's value in a table. */
int32_t zc_dsp_lookup(const int8_t *x, const int32_t *op, int8_t *y);

/** @brief Average pool of a multiple of 4 channels. */
int32_t zc_dsp_average(const int8_t *x, const int32_t *op, int8_t *y);

/** @brief Maximum pool of a multiple of 4 channels. */
int32_t zc_dsp_max_pool(const int8_t *x, const int32_t *op, int8_t *y);

#endif /* ZC_DSP_ELEMENTWISE_H_ */
