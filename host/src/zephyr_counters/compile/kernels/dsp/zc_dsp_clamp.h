/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#ifndef ZC_DSP_CLAMP_H_
#define ZC_DSP_CLAMP_H_

#include <stdint.h>

/**
 * @brief Limit int8 outputs to a range, then flip bits; returns at once if nothing is to do.
 *
 * @param y outputs
 * @param size their number
 * @param low, high the range, inclusive
 * @param flip 0x80808080 for outputs that are to be uint8, otherwise 0
 */
void zc_dsp_clamp(int8_t *y, int32_t size, int32_t low, int32_t high, int32_t flip);

#endif /* ZC_DSP_CLAMP_H_ */
