/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * In assembly, because all vector registers are in use. q0 to q3 have the sums of channels
 * (0, 4, 8, 12), (2, 6, 10, 14), (1, 5, 9, 13), (3, 7, 11, 15): widening twice separates even lanes
 * from odd ones. Two products of int8 fit into int16, so they are added before they are widened.
 */

#include "zc_mve.h"
#include "zc_mve_depthwise.h"

/* Naked functions find their arguments in registers. */
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Woverlength-strings"

#define WIDEN                                                                                      \
	"vmovlb.s16 q6, q4\n\t"                                                                    \
	"vadd.i32 q0, q0, q6\n\t"                                                                  \
	"vmovlt.s16 q6, q4\n\t"                                                                    \
	"vadd.i32 q1, q1, q6\n\t"                                                                  \
	"vmovlb.s16 q6, q5\n\t"                                                                    \
	"vadd.i32 q2, q2, q6\n\t"                                                                  \
	"vmovlt.s16 q6, q5\n\t"                                                                    \
	"vadd.i32 q3, q3, q6\n\t"

#define TAP(x)                                                                                     \
	"vldrb.8 q6, [" x "], #16\n\t"                                                             \
	"vldrb.8 q7, [r9], #16\n\t"                                                                \
	"vmullb.s8 q4, q6, q7\n\t"                                                                 \
	"vmullt.s8 q5, q6, q7\n\t"

#define TWO_TAPS(first, second)                                                                    \
	TAP(first)                                                                                 \
	"vldrb.8 q6, [" second "]\n\t"                                                             \
	"vldrb.8 q7, [r9], #16\n\t"                                                                \
	"vmullb.s8 q6, q6, q7\n\t"                                                                 \
	"vadd.i16 q4, q4, q6\n\t"                                                                  \
	"vldrb.8 q6, [" second "], #16\n\t"                                                        \
	"vmullt.s8 q6, q6, q7\n\t"                                                                 \
	"vadd.i16 q5, q5, q6\n\t" WIDEN

#define SCALE(sum)                                                                                 \
	"vldrw.32 q4, [r9], #16\n\t"                                                               \
	"vldrw.32 q5, [r9], #16\n\t"                                                               \
	"vmulh.s32 " sum ", " sum ", q4\n\t"                                                       \
	"vrshl.s32 " sum ", " sum ", q5\n\t"

__attribute__((naked)) void zc_mve_taps16(const int8_t *const *taps, const int8_t *blocks,
					  int8_t *y, int32_t num_blocks, int32_t zero)
{
	__asm__("push {r4-r11, lr}\n\t"
		"vpush {d8-d15}\n\t"
		"mov r9, r1\n\t"
		"mov r10, r2\n\t"
		"ldr r11, [sp, #100]\n\t"
		"dls lr, r3\n\t"
		"ldm r0, {r0-r8}\n"
		"1:\n\t"
		"vldrw.32 q0, [r9], #16\n\t"
		"vldrw.32 q1, [r9], #16\n\t"
		"vldrw.32 q2, [r9], #16\n\t"
		"vldrw.32 q3, [r9], #16\n\t" TWO_TAPS("r0", "r1") TWO_TAPS("r2", "r3")
			TWO_TAPS("r4", "r5") TWO_TAPS("r6", "r7") TAP("r8") WIDEN SCALE("q0")
				SCALE("q1") SCALE("q2") SCALE("q3") "vqmovnb.s32 q0, q0\n\t"
								    "vqmovnt.s32 q0, q1\n\t"
								    "vqmovnb.s32 q2, q2\n\t"
								    "vqmovnt.s32 q2, q3\n\t"
								    "vqadd.s16 q0, q0, r11\n\t"
								    "vqadd.s16 q2, q2, r11\n\t"
								    "vqmovnb.s16 q0, q0\n\t"
								    "vqmovnt.s16 q0, q2\n\t"
								    "vstrb.8 q0, [r10], #16\n\t"
								    "le lr, 1b\n\t"
								    "vpop {d8-d15}\n\t"
								    "pop {r4-r11, pc}");
}
