/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#ifndef ZC_MVE_GATHER_H_
#define ZC_MVE_GATHER_H_

#include <stdint.h>

/**
 * @brief A convolution of any grouping and layout (zc_gather.h).
 *
 * @param x inputs
 * @param op struct zc_gather and each group's blocks (zc_mve_product.h)
 * @param y outputs
 * @param scratch taps of two pixels, each a multiple of 16; then two pixels' outputs, each a
 *        multiple of 4
 * @return 0
 */
int32_t zc_mve_gather(const int8_t *x, const int32_t *op, int8_t *y, void *scratch);

#endif /* ZC_MVE_GATHER_H_ */
