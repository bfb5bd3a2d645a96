/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ZC_MVE_DEPTHWISE8_H_
#define ZC_MVE_DEPTHWISE8_H_
#include <stdint.h>
/*
 * All channels of one output pixel, eight at a time. Stream of blocks, one per eight channels:
 *
 *     int32 start[2][4]       of even and of odd channels
 *     int8  weight[taps][8]
 *     int32 multiplier[2][4], shift[2][4]
 */
void zc_mve_depthwise8(const int8_t *const *taps, int32_t num_taps, const int8_t *blocks, int8_t *y, int32_t channels, int32_t zero);
#endif
