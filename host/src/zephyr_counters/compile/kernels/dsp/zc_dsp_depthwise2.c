/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* Stride 2: one output at a time. */

#include "zc_dsp.h"
#include "zc_dsp_depthwise.h"

/* The compiler writes the plane's pitch here. */
#define PITCH 16
#include "zc_dsp_rows.h"

ROWS_FUNCTION
{
	/* clang-format off */
	__asm__(BEGIN_ROWS
		"1:\n"
		LINE("ldr r3, [sp, #44]")
		LINE("add lr, r0, r3, lsl #2")
		"2:\n"
		ONE_OUTPUT
		LINE("cmp r0, lr")
		LINE("bne 2b")
		NEXT_ROW(2));
	/* clang-format on */
}

int32_t NAMED(zc_dsp_depthwise2_, PITCH)(const int8_t *x, const int32_t *op, int8_t *y,
					 void *scratch)
{
	return zc_dsp_depthwise(x, op, y, scratch, compute_rows);
}
