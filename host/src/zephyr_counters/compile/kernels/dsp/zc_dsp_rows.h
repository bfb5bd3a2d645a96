/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * Assembly that the functions of all strides share. In assembly, because nearly all registers are
 * in use: a C compiler spills. The file that includes it defines PITCH.
 *
 * r0 plane, r1 y, r2 channel, r5 to r10 weights, lr where a row ends; on the stack where the row
 * begins, rows, nine registers, columns, step.
 */

#ifndef ZC_DSP_ROWS_H_
#define ZC_DSP_ROWS_H_

/* Naked functions find their arguments in registers. */
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Woverlength-strings"

#define TEXT(x)     #x
#define NUMBER(x)   TEXT(x)
#define JOIN(a, b)  a##b
#define NAMED(a, b) JOIN(a, b)
#define LINE(text)  "\t" text "\n"

/* Three taps of a row for the output in r11. */
#define ROW_ONE(at, low, high)                                                                     \
	LINE("ldrd r3, r4, " at)                                                                   \
	LINE("smlad r11, r3, " low ", r11")                                                        \
	LINE("smlabt r11, r4, " high ", r11")

#define ONE_OUTPUT                                                                                 \
	LINE("ldr r11, [r2, #12]")                                                                 \
	ROW_ONE("[r0, #" NUMBER(4 * PITCH) "]", "r9", "r10")                                       \
	ROW_ONE("[r0, #" NUMBER(2 * PITCH) "]", "r7", "r8")                                        \
	ROW_ONE("[r0], #4", "r5", "r6")                                                            \
	LINE("ldrd r3, r4, [r2, #16]")                                                             \
	LINE("smmla r11, r11, r3, r4")                                                             \
	LINE("ldr r3, [r2, #24]")                                                                  \
	LINE("asr r11, r11, r3")                                                                   \
	LINE("ssat r11, #8, r11")                                                                  \
	LINE("ldr r4, [sp, #48]")                                                                  \
	LINE("strb r11, [r1]")                                                                     \
	LINE("add r1, r1, r4")

/* Saves registers and takes the weights apart. */
#define BEGIN_ROWS                                                                                 \
	LINE("push {r4-r11, lr}")                                                                  \
	LINE("push {r0, r3}")                                                                      \
	LINE("ldm r2, {r3, r4, r12}")                                                              \
	LINE("sxtb16 r5, r3")                                                                      \
	LINE("sxtb16 r6, r3, ror #8")                                                              \
	LINE("sxtb16 r7, r4")                                                                      \
	LINE("sxtb16 r8, r4, ror #8")                                                              \
	LINE("sxtb16 r9, r12")                                                                     \
	LINE("sxtb16 r10, r12, ror #8")

/* Goes on at 1 with the plane's row after `rows`, if there is one, and returns. */
#define NEXT_ROW(rows)                                                                             \
	LINE("ldrd r0, r3, [sp]")                                                                  \
	LINE("add r0, r0, #" NUMBER(2 * rows * PITCH))                                             \
	LINE("subs r3, r3, #1")                                                                    \
	LINE("strd r0, r3, [sp]")                                                                  \
	LINE("bne 1b")                                                                             \
	LINE("add sp, sp, #8")                                                                     \
	LINE("pop {r4-r11, pc}")

#define ROWS_FUNCTION                                                                              \
	__attribute__((naked)) static void compute_rows(                                           \
		const int16_t *plane, int8_t *y, const void *channel, int32_t rows,                \
		int32_t columns, int32_t step, const struct zc_dsp_depthwise *op)

#endif /* ZC_DSP_ROWS_H_ */
