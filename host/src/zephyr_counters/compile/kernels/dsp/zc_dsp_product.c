/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * In assembly, because all fourteen registers are in use: a C compiler spills. Sums are in r4 to
 * r11; end pointers are read from the stack, as no register is left for them.
 */

#include "zc_dsp_product.h"
#include "zc_dsp.h"

/* Naked functions find their arguments in registers. */
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Woverlength-strings"

/* One pair of inputs of two pixels: 16 multiplications. */
#define PAIR_TWO                                                                                   \
	"ldrd r2, r3, [r0], #8\n\t"                                                                \
	"ldrd r12, lr, [r1], #8\n\t"                                                               \
	"smlad r5, r2, r12, r5\n\t"                                                                \
	"smlad r9, r3, r12, r9\n\t"                                                                \
	"sxtb16 r12, r12\n\t"                                                                      \
	"smlad r7, r2, lr, r7\n\t"                                                                 \
	"smlad r11, r3, lr, r11\n\t"                                                               \
	"sxtb16 lr, lr\n\t"                                                                        \
	"smlad r4, r2, r12, r4\n\t"                                                                \
	"smlad r8, r3, r12, r8\n\t"                                                                \
	"smlad r6, r2, lr, r6\n\t"                                                                 \
	"smlad r10, r3, lr, r10\n\t"

#define REQUANTIZE_TWO(first, second)                                                              \
	"ldm r1!, {r0, r2, r3}\n\t"                                                                \
	"smmla " first ", " first ", r0, r2\n\t"                                                   \
	"smmla " second ", " second ", r0, r2\n\t"                                                 \
	"asr " first ", " first ", r3\n\t"                                                         \
	"asr " second ", " second ", r3\n\t"                                                       \
	"ssat " first ", #8, " first "\n\t"                                                        \
	"ssat " second ", #8, " second "\n\t"                                                      \
	"strb " first ", [r12], #1\n\t"                                                            \
	"strb " second ", [lr], #1\n\t"

__attribute__((naked)) void zc_dsp_product_two(const int16_t *x, const int16_t *x_end,
					       const void *blocks, const void *blocks_end,
					       int8_t *y0, int8_t *y1)
{
	__asm__("push {r4-r11, lr}\n\t"
		"push {r0, r1, r3}\n\t"
		"mov r1, r2\n"
		"1:\n\t"
		"ldr r0, [sp]\n\t"
		"ldm r1!, {r4-r7}\n\t"
		"mov r8, r4\n\t"
		"mov r9, r5\n\t"
		"mov r10, r6\n\t"
		"mov r11, r7\n"
		"2:\n\t" PAIR_TWO PAIR_TWO PAIR_TWO PAIR_TWO "ldr r2, [sp, #4]\n\t"
		"cmp r0, r2\n\t"
		"bne 2b\n\t"
		"ldrd r12, lr, [sp, #48]\n\t"
		"sub r5, r5, r4\n\t"
		"sub r9, r9, r8\n\t"
		"sub r7, r7, r6\n\t"
		"sub r11, r11, r10\n\t" REQUANTIZE_TWO("r4", "r8") REQUANTIZE_TWO("r5", "r9")
			REQUANTIZE_TWO("r6", "r10")
				REQUANTIZE_TWO("r7", "r11") "strd r12, lr, [sp, #48]\n\t"
							    "ldr r2, [sp, #8]\n\t"
							    "cmp r1, r2\n\t"
							    "bne 1b\n\t"
							    "add sp, sp, #12\n\t"
							    "pop {r4-r11, pc}");
}

/* Two pairs of inputs of one pixel: 16 multiplications. */
#define PAIRS_ONE                                                                                  \
	"ldm r0!, {r2, r3}\n\t"                                                                    \
	"ldm r1!, {r8-r11}\n\t"                                                                    \
	"smlad r5, r2, r8, r5\n\t"                                                                 \
	"sxtb16 r8, r8\n\t"                                                                        \
	"smlad r7, r2, r9, r7\n\t"                                                                 \
	"sxtb16 r9, r9\n\t"                                                                        \
	"smlad r4, r2, r8, r4\n\t"                                                                 \
	"smlad r6, r2, r9, r6\n\t"                                                                 \
	"smlad r5, r3, r10, r5\n\t"                                                                \
	"sxtb16 r10, r10\n\t"                                                                      \
	"smlad r7, r3, r11, r7\n\t"                                                                \
	"sxtb16 r11, r11\n\t"                                                                      \
	"smlad r4, r3, r10, r4\n\t"                                                                \
	"smlad r6, r3, r11, r6\n\t"

#define REQUANTIZE_ONE(sum)                                                                        \
	"ldm r1!, {r8, r9, r10}\n\t"                                                               \
	"smmla " sum ", " sum ", r8, r9\n\t"                                                       \
	"asr " sum ", " sum ", r10\n\t"                                                            \
	"ssat " sum ", #8, " sum "\n\t"                                                            \
	"strb " sum ", [lr], #1\n\t"

__attribute__((naked)) void zc_dsp_product_one(const int16_t *x, const int16_t *x_end,
					       const void *blocks, const void *blocks_end,
					       int8_t *y)
{
	__asm__("push {r4-r11, lr}\n\t"
		"push {r0, r3}\n\t"
		"mov r12, r1\n\t"
		"mov r1, r2\n\t"
		"ldr lr, [sp, #44]\n"
		"1:\n\t"
		"ldr r0, [sp]\n\t"
		"ldm r1!, {r4-r7}\n"
		"2:\n\t" PAIRS_ONE PAIRS_ONE "cmp r0, r12\n\t"
		"bne 2b\n\t"
		"sub r5, r5, r4\n\t"
		"sub r7, r7, r6\n\t" REQUANTIZE_ONE("r4") REQUANTIZE_ONE("r5") REQUANTIZE_ONE("r6")
			REQUANTIZE_ONE("r7") "ldr r2, [sp, #4]\n\t"
					     "cmp r1, r2\n\t"
					     "bne 1b\n\t"
					     "add sp, sp, #8\n\t"
					     "pop {r4-r11, pc}");
}
