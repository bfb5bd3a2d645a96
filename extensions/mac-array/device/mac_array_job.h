/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * The words of a job in the order of the registers, and what the hardware takes: the only place
 * that says so. ../patterns.py and the tests read this file as text, so each row stays on a line of
 * its own, with numbers only.
 */

#ifndef MAC_ARRAY_JOB_H_
#define MAC_ARRAY_JOB_H_

/* Most products in a sum: 255 * 128 * this many stay below 2^31. */
#define MAC_ARRAY_MAX_WINDOW 65535

/* clang-format off */
/* WORD(name, lowest, highest, why a job with another value is refused) */
#define MAC_ARRAY_JOB_TABLE(WORD) \
	WORD(BATCH, 1, 65535, BAD_SHAPE) \
	WORD(IN_H, 1, 65535, BAD_SHAPE) \
	WORD(IN_W, 1, 65535, BAD_SHAPE) \
	WORD(IN_C, 1, 65535, BAD_SHAPE) \
	WORD(OUT_H, 1, 65535, BAD_SHAPE) \
	WORD(OUT_W, 1, 65535, BAD_SHAPE) \
	WORD(OUT_C, 1, 65535, BAD_SHAPE) \
	WORD(K_H, 1, 255, BAD_SHAPE) \
	WORD(K_W, 1, 255, BAD_SHAPE) \
	WORD(STRIDE_H, 1, 255, BAD_SHAPE) \
	WORD(STRIDE_W, 1, 255, BAD_SHAPE) \
	WORD(DILATION_H, 1, 255, BAD_SHAPE) \
	WORD(DILATION_W, 1, 255, BAD_SHAPE) \
	WORD(PAD_TOP, 0, 65535, BAD_SHAPE) \
	WORD(PAD_LEFT, 0, 65535, BAD_SHAPE) \
	WORD(GROUPS, 1, 65535, BAD_SHAPE) \
	WORD(X_STRIDE_H, 0, 2147483647, OVERFLOW) \
	WORD(X_STRIDE_W, 0, 2147483647, OVERFLOW) \
	WORD(X_STRIDE_C, 0, 2147483647, OVERFLOW) \
	WORD(W_STRIDE_O, 0, 2147483647, OVERFLOW) \
	WORD(W_STRIDE_H, 0, 2147483647, OVERFLOW) \
	WORD(W_STRIDE_W, 0, 2147483647, OVERFLOW) \
	WORD(W_STRIDE_I, 0, 2147483647, OVERFLOW) \
	WORD(Y_STRIDE_H, 0, 2147483647, OVERFLOW) \
	WORD(Y_STRIDE_W, 0, 2147483647, OVERFLOW) \
	WORD(Y_STRIDE_C, 0, 2147483647, OVERFLOW) \
	WORD(X_ZERO, -128, 127, BAD_RANGE) \
	WORD(Y_ZERO, -128, 127, BAD_RANGE) \
	WORD(LOW, -128, 127, BAD_RANGE) \
	WORD(HIGH, -128, 127, BAD_RANGE) \
	WORD(X_STRIDE_BATCH, 0, 2147483647, OVERFLOW) \
	WORD(Y_STRIDE_BATCH, 0, 2147483647, OVERFLOW)
/* clang-format on */

#endif /* MAC_ARRAY_JOB_H_ */
