/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* Stride 1: two outputs at a time, as they share inputs. */

#include "zc_dsp.h"
#include "zc_dsp_depthwise.h"

/* The compiler writes the plane's pitch here. */
#define PITCH 16
#include "zc_dsp_rows.h"

/* Three taps of a row for the outputs in r11 and r12. */
#define ROW_TWO(at, low, high)                                                                     \
	LINE("ldrd r3, r4, " at)                                                                   \
	LINE("smlad r11, r3, " low ", r11")                                                        \
	LINE("smlatb r12, r3, " low ", r12")                                                       \
	LINE("smlabt r11, r4, " high ", r11")                                                      \
	LINE("smlad r12, r4, " high ", r12")

#define TWO_OUTPUTS                                                                                \
	LINE("ldr r11, [r2, #12]")                                                                 \
	LINE("mov r12, r11")                                                                       \
	ROW_TWO("[r0, #" NUMBER(4 * PITCH) "]", "r9", "r10")                                       \
	ROW_TWO("[r0, #" NUMBER(2 * PITCH) "]", "r7", "r8")                                        \
	ROW_TWO("[r0], #4", "r5", "r6")                                                            \
	LINE("ldrd r3, r4, [r2, #16]")                                                             \
	LINE("smmla r11, r11, r3, r4")                                                             \
	LINE("smmla r12, r12, r3, r4")                                                             \
	LINE("ldr r3, [r2, #24]")                                                                  \
	LINE("asr r11, r11, r3")                                                                   \
	LINE("asr r12, r12, r3")                                                                   \
	LINE("ssat r11, #8, r11")                                                                  \
	LINE("ssat r12, #8, r12")                                                                  \
	LINE("ldr r4, [sp, #48]")                                                                  \
	LINE("strb r11, [r1]")                                                                     \
	LINE("strb r12, [r1, r4]")                                                                 \
	LINE("add r1, r1, r4, lsl #1")

ROWS_FUNCTION
{
	/* clang-format off */
	__asm__(BEGIN_ROWS
		"1:\n"
		LINE("ldr r3, [sp, #44]")
		LINE("bic r4, r3, #1")
		LINE("add lr, r0, r4, lsl #1")
		LINE("cmp r0, lr")
		LINE("beq 3f")
		"2:\n"
		TWO_OUTPUTS
		LINE("cmp r0, lr")
		LINE("bne 2b")
		"3:\n"
		LINE("ldr r3, [sp, #44]")
		LINE("lsls r3, r3, #31")
		LINE("beq 4f")
		ONE_OUTPUT
		"4:\n"
		NEXT_ROW(1));
	/* clang-format on */
}

int32_t NAMED(zc_dsp_depthwise1_, PITCH)(const int8_t *x, const int32_t *op, int8_t *y,
					 void *scratch)
{
	return zc_dsp_depthwise(x, op, y, scratch, compute_rows);
}
