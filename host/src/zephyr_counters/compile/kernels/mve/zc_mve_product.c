/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * In assembly, because VMLADAVA wants its sums in even registers, all eight of which are in use:
 * r0, r2, r4, r6 of the first pixel, r8, r10, r12, r14 of the second.
 */

#include "zc_mve_product.h"
#include "zc_mve.h"

/* Naked functions find their arguments in registers. */
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Woverlength-strings"

#define WEIGHTS(vector, first, second)                                                             \
	"vldrb.8 " vector ", [r5], #16\n\t"                                                        \
	"vmladava.s8 " first ", q0, " vector "\n\t"                                                \
	"vmladava.s8 " second ", q1, " vector "\n\t"

__attribute__((naked)) void zc_mve_product_two(const int8_t *x0, const int8_t *x1,
					       const int8_t *blocks, int8_t *y0, int8_t *y1,
					       const struct zc_mve_product *product)
{
	__asm__("push {r4-r11, lr}\n\t"
		"push {r0, r1}\n\t"
		"mov r5, r2\n\t"
		"mov r1, r3\n\t"
		"ldrd r3, r4, [sp, #44]\n\t"
		"ldr r7, [r4, #4]\n\t"
		"add r7, r7, r0\n"
		"1:\n\t"
		"ldrd r9, r11, [sp]\n\t"
		"ldrd r0, r2, [r5], #8\n\t"
		"ldrd r4, r6, [r5], #8\n\t"
		"mov r8, r0\n\t"
		"mov r10, r2\n\t"
		"mov r12, r4\n\t"
		"mov lr, r6\n"
		"2:\n\t"
		"vldrb.8 q0, [r9], #16\n\t"
		"vldrb.8 q1, [r11], #16\n\t" WEIGHTS("q2", "r0", "r8") WEIGHTS("q3", "r2", "r10")
			WEIGHTS("q2", "r4", "r12")
				WEIGHTS("q3", "r6", "lr") "cmp r9, r7\n\t"
							  "bne 2b\n\t"
							  "vmov q0[2], q0[0], r0, r4\n\t"
							  "vmov q1[2], q1[0], r8, r12\n\t"
							  "vmov q0[3], q0[1], r2, r6\n\t"
							  "vmov q1[3], q1[1], r10, lr\n\t"
							  "vldrw.32 q2, [r5], #16\n\t"
							  "vmulh.s32 q0, q0, q2\n\t"
							  "vmulh.s32 q1, q1, q2\n\t"
							  "vldrw.32 q3, [r5], #16\n\t"
							  "vrshl.s32 q0, q0, q3\n\t"
							  "vrshl.s32 q1, q1, q3\n\t"
							  "ldr r4, [sp, #48]\n\t"
							  "ldr r0, [r4]\n\t"
							  "ldr r2, [r4, #8]\n\t"
							  "vadd.i32 q0, q0, r0\n\t"
							  "vadd.i32 q1, q1, r0\n\t"
							  "vqmovnb.s32 q0, q0\n\t"
							  "vqmovnb.s32 q1, q1\n\t"
							  "vqmovnb.s16 q0, q0\n\t"
							  "vqmovnb.s16 q1, q1\n\t"
							  "vstrb.32 q0, [r1], #4\n\t"
							  "vstrb.32 q1, [r3], #4\n\t"
							  "cmp r5, r2\n\t"
							  "bne 1b\n\t"
							  "add sp, sp, #8\n\t"
							  "pop {r4-r11, pc}");
}

#define WEIGHTS_ONE(vector, sum)                                                                   \
	"vldrb.8 " vector ", [r1], #16\n\t"                                                        \
	"vmladava.s8 " sum ", q0, " vector "\n\t"

__attribute__((naked)) void zc_mve_product_one(const int8_t *x, const int8_t *blocks, int8_t *y,
					       const struct zc_mve_product *product)
{
	__asm__("push {r4-r11, lr}\n\t"
		"ldr r5, [r3, #4]\n\t"
		"ldr r7, [r3]\n\t"
		"ldr r9, [r3, #8]\n\t"
		"lsr r5, r5, #4\n"
		"1:\n\t"
		"mov r11, r0\n\t"
		"ldrd r4, r6, [r1], #8\n\t"
		"ldrd r8, r10, [r1], #8\n\t"
		"dls lr, r5\n"
		"2:\n\t"
		"vldrb.8 q0, [r11], #16\n\t" WEIGHTS_ONE("q1", "r4") WEIGHTS_ONE("q2", "r6")
			WEIGHTS_ONE("q1", "r8")
				WEIGHTS_ONE("q2", "r10") "le lr, 2b\n\t"
							 "vmov q0[2], q0[0], r4, r8\n\t"
							 "vmov q0[3], q0[1], r6, r10\n\t"
							 "vldrw.32 q2, [r1], #16\n\t"
							 "vmulh.s32 q0, q0, q2\n\t"
							 "vldrw.32 q3, [r1], #16\n\t"
							 "vrshl.s32 q0, q0, q3\n\t"
							 "vadd.i32 q0, q0, r7\n\t"
							 "vqmovnb.s32 q0, q0\n\t"
							 "vqmovnb.s16 q0, q0\n\t"
							 "vstrb.32 q0, [r2], #4\n\t"
							 "cmp r1, r9\n\t"
							 "bne 1b\n\t"
							 "pop {r4-r11, pc}");
}
