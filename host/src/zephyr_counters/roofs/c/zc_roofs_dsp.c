/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include "zc_roofs.h"

#ifndef __ARM_FEATURE_DSP
#error "the model's kernels need a core with DSP instructions; compile the model for this core"
#endif

/* SMLAD: two multiply-accumulates of halfwords (Armv7-M ARM, A7.7.136). */
#define ZC_SMLAD(sum) __asm__ volatile("smlad %0, %1, %2, %0" : "+r"(sum) : "r"(x[0]), "r"(i))

/* 16 multiply-accumulates a word. */
int32_t zc_roofs_dsp_macs(const int32_t *x, const int32_t *sizes, int32_t *y)
{
	int32_t a = 0;
	int32_t b = 0;
	int32_t c = 0;
	int32_t d = 0;

	for (int32_t i = 0; i < sizes[0] * sizes[1]; i++) {
		ZC_SMLAD(a);
		ZC_SMLAD(b);
		ZC_SMLAD(c);
		ZC_SMLAD(d);
		ZC_SMLAD(a);
		ZC_SMLAD(b);
		ZC_SMLAD(c);
		ZC_SMLAD(d);
	}
	y[0] = a;
	y[1] = b;
	y[2] = c;
	y[3] = d;
	return 0;
}
