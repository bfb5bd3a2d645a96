/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * Convolutions to whose output another tensor is added, two pixels at a time. y may be in the
 * memory of what is added.
 */

#ifndef ZC_MVE_SUM_H_
#define ZC_MVE_SUM_H_

#include <stdint.h>

/**
 * @brief zc_mve_conv() and an addition, with a multiple of 4 outputs.
 *
 * @param x inputs
 * @param addend what is added
 * @param op struct zc_sum, then what zc_mve_conv() takes
 * @param y sums
 * @param scratch two pixels' outputs, a multiple of 16, then what zc_mve_conv() takes
 * @return 0
 */
int32_t zc_mve_conv_sum(const int8_t *x, const int8_t *addend, const int32_t *op, int8_t *y,
			void *scratch);

/** @brief zc_mve_pointwise() and an addition, likewise. */
int32_t zc_mve_pointwise_sum(const int8_t *x, const int8_t *addend, const int32_t *op, int8_t *y,
			     void *scratch);

#endif /* ZC_MVE_SUM_H_ */
