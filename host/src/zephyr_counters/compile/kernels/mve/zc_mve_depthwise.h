/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ZC_MVE_DEPTHWISE_H_
#define ZC_MVE_DEPTHWISE_H_
#include <stdint.h>
/*
 * All channels of one output pixel of a 3x3 kernel, 16 at a time; taps has where each tap's
 * channels begin. Stream of blocks, one per 16 channels, [4][4] in the order (0, 4, 8, 12),
 * (2, 6, 10, 14), (1, 5, 9, 13), (3, 7, 11, 15):
 *
 *     int32 start[4][4]
 *     int8  weight[9][16]
 *     struct {int32 multiplier[4], shift[4]} [4]
 */
void zc_mve_depthwise_3x3(const int8_t *const taps[9], const int8_t *blocks, int8_t *y, int32_t num_blocks, int32_t zero);
#endif
