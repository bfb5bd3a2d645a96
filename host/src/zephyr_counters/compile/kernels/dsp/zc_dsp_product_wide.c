/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* In assembly, because all fourteen registers are in use: a C compiler spills. */

#include "zc_dsp_product.h"
#include "zc_dsp.h"
#include "zc_dsp_product_asm.h"

/* One pair of inputs of two pixels: 16 multiplications. */
#define PAIR_TWO                                                                                   \
	"ldrd r2, r3, [r0], #8\n\t"                                                                \
	"ldrd r12, lr, [r1], #8\n\t"                                                               \
	"smlad r4, r2, r12, r4\n\t"                                                                \
	"smlad r8, r3, r12, r8\n\t"                                                                \
	"smlad r5, r2, lr, r5\n\t"                                                                 \
	"smlad r9, r3, lr, r9\n\t"                                                                 \
	"ldrd r12, lr, [r1], #8\n\t"                                                               \
	"smlad r6, r2, r12, r6\n\t"                                                                \
	"smlad r10, r3, r12, r10\n\t"                                                              \
	"smlad r7, r2, lr, r7\n\t"                                                                 \
	"smlad r11, r3, lr, r11\n\t"

__attribute__((naked)) void zc_dsp_product_two_wide(const int16_t *x, const int16_t *x_end,
						    const void *blocks, const void *blocks_end,
						    int8_t *y0, int8_t *y1)
{
	__asm__(BEGIN_TWO PAIR_TWO PAIR_TWO PAIR_TWO PAIR_TWO END_TWO(""));
}

/* Two pairs of inputs of one pixel: 16 multiplications. */
#define PAIRS_ONE                                                                                  \
	"ldm r0!, {r2, r3}\n\t"                                                                    \
	"ldm r1!, {r8-r11}\n\t"                                                                    \
	"smlad r4, r2, r8, r4\n\t"                                                                 \
	"smlad r5, r2, r9, r5\n\t"                                                                 \
	"smlad r6, r2, r10, r6\n\t"                                                                \
	"smlad r7, r2, r11, r7\n\t"                                                                \
	"ldm r1!, {r8-r11}\n\t"                                                                    \
	"smlad r4, r3, r8, r4\n\t"                                                                 \
	"smlad r5, r3, r9, r5\n\t"                                                                 \
	"smlad r6, r3, r10, r6\n\t"                                                                \
	"smlad r7, r3, r11, r7\n\t"

__attribute__((naked)) void zc_dsp_product_one_wide(const int16_t *x, const int16_t *x_end,
						    const void *blocks, const void *blocks_end,
						    int8_t *y)
{
	__asm__(BEGIN_ONE PAIRS_ONE PAIRS_ONE END_ONE(""));
}
