/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include "zc_roofs.h"

#if !defined(__ARM_FEATURE_MVE) || (__ARM_FEATURE_MVE & 1) == 0
#error "the model's kernels need a core with MVE (Helium); compile the model for this core"
#endif

#include <arm_mve.h>

/* VMLADAVA: sixteen multiply-accumulates of bytes (Armv8.1-M ARM, C2.4). 64 a word. */
int32_t zc_roofs_mve_macs(const int32_t *x, const int32_t *sizes, int32_t *y)
{
	int8x16_t v = vld1q_s8((const int8_t *)x);
	int32_t a = 0;
	int32_t b = 0;
	int32_t c = 0;
	int32_t d = 0;

	for (int32_t i = 0; i < sizes[0] * sizes[1]; i++) {
		a = vmladavaq_s8(a, v, v);
		b = vmladavaq_s8(b, v, v);
		c = vmladavaq_s8(c, v, v);
		d = vmladavaq_s8(d, v, v);
	}
	y[0] = a;
	y[1] = b;
	y[2] = c;
	y[3] = d;
	return 0;
}
