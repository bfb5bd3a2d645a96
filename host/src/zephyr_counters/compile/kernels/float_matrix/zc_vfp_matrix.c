/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * A row by floats in registers, eight outputs at a time. In assembly, because a C compiler loads
 * weights one by one.
 */

#include "zc_float_matrix.h"

#if !defined(__ARM_FP) || (__ARM_FP & 4) == 0
#error "the model's kernels need a core with floats in registers; compile the model for this core"
#endif

/* Naked functions find their arguments in registers. */
#pragma GCC diagnostic ignored "-Wunused-parameter"

#define INPUT(x)                                                                                   \
	"vldmia r2!, {s8-s15}\n\t"                                                                 \
	"vfma.f32 s0, s8, " x "\n\t"                                                               \
	"vfma.f32 s1, s9, " x "\n\t"                                                               \
	"vfma.f32 s2, s10, " x "\n\t"                                                              \
	"vfma.f32 s3, s11, " x "\n\t"                                                              \
	"vfma.f32 s4, s12, " x "\n\t"                                                              \
	"vfma.f32 s5, s13, " x "\n\t"                                                              \
	"vfma.f32 s6, s14, " x "\n\t"                                                              \
	"vfma.f32 s7, s15, " x "\n\t"

__attribute__((naked)) static void row(const float *x, const float *x_end, const float *weight,
				       const float *weight_end, float *y)
{
	__asm__("push {r4, r5}\n\t"
		"vpush {s16-s19}\n\t"
		"ldr r5, [sp, #24]\n\t"
		"mov r12, #0\n"
		"1:\n\t"
		"mov r4, r0\n\t"
		"vmov s0, r12\n\t"
		"vmov.f32 s1, s0\n\t"
		"vmov.f32 s2, s0\n\t"
		"vmov.f32 s3, s0\n\t"
		"vmov.f32 s4, s0\n\t"
		"vmov.f32 s5, s0\n\t"
		"vmov.f32 s6, s0\n\t"
		"vmov.f32 s7, s0\n"
		"2:\n\t"
		"vldmia r4!, {s16-s19}\n\t" INPUT("s16") INPUT("s17") INPUT("s18")
			INPUT("s19") "cmp r4, r1\n\t"
				     "bne 2b\n\t"
				     "vstmia r5!, {s0-s7}\n\t"
				     "cmp r2, r3\n\t"
				     "bne 1b\n\t"
				     "vpop {s16-s19}\n\t"
				     "pop {r4, r5}\n\t"
				     "bx lr");
}

int32_t zc_vfp_matrix(const float *x, const int32_t *sizes, const float *floats, float *y,
		      void *scratch)
{
	return zc_float_matrix(x, sizes, floats, y, scratch, row);
}
