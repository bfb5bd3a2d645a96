/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#ifndef ZC_DSP_CLAMP_H_
#define ZC_DSP_CLAMP_H_

#include <stdint.h>

/**
 * @brief Limit int8 outputs to a range; returns at once if the range is int8's.
 *
 * @param y outputs
 * @param size their number
 * @param low, high the range, inclusive
 */
void zc_dsp_clamp(int8_t *y, int32_t size, int32_t low, int32_t high);

#endif /* ZC_DSP_CLAMP_H_ */
