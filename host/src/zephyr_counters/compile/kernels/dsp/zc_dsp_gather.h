/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#ifndef ZC_DSP_GATHER_H_
#define ZC_DSP_GATHER_H_

#include <stdint.h>

/**
 * @brief A convolution of any grouping and layout (zc_gather.h).
 *
 * @param x inputs
 * @param op struct zc_gather and each group's blocks (zc_dsp_product.h)
 * @param y outputs
 * @param scratch taps of two pixels as int16, each a multiple of 8; then two pixels' outputs, each
 *        a multiple of 4
 * @return 0
 */
int32_t zc_dsp_gather(const int8_t *x, const int32_t *op, int8_t *y, void *scratch);

#endif /* ZC_DSP_GATHER_H_ */
