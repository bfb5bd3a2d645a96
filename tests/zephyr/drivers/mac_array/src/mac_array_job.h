/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* A convolution of 2 x 12 x 10 x 8 by 24 filters of 3 x 3, stride 2 and 1, padded by 1. */

#ifndef TESTS_ZEPHYR_DRIVERS_MAC_ARRAY_MAC_ARRAY_JOB_H_
#define TESTS_ZEPHYR_DRIVERS_MAC_ARRAY_MAC_ARRAY_JOB_H_

#include <stdint.h>

#include <mac_array.h>
#include <mac_array_regs.h>

#define BATCH 2
#define IN_H  12
#define IN_W  10
#define IN_C  8
#define OUT_H 6
#define OUT_W 10
#define OUT_C 24
#define K     3

static const int32_t job[MAC_ARRAY_JOB_WORDS] = {
	[JOB_BATCH] = BATCH,
	[JOB_IN_H] = IN_H,
	[JOB_IN_W] = IN_W,
	[JOB_IN_C] = IN_C,
	[JOB_OUT_H] = OUT_H,
	[JOB_OUT_W] = OUT_W,
	[JOB_OUT_C] = OUT_C,
	[JOB_K_H] = K,
	[JOB_K_W] = K,
	[JOB_STRIDE_H] = 2,
	[JOB_STRIDE_W] = 1,
	[JOB_DILATION_H] = 1,
	[JOB_DILATION_W] = 1,
	[JOB_PAD_TOP] = 1,
	[JOB_PAD_LEFT] = 1,
	[JOB_GROUPS] = 1,
	[JOB_X_STRIDE_H] = IN_W * IN_C,
	[JOB_X_STRIDE_W] = IN_C,
	[JOB_X_STRIDE_C] = 1,
	[JOB_W_STRIDE_O] = K * K * IN_C,
	[JOB_W_STRIDE_H] = K * IN_C,
	[JOB_W_STRIDE_W] = IN_C,
	[JOB_W_STRIDE_I] = 1,
	[JOB_Y_STRIDE_H] = OUT_W * OUT_C,
	[JOB_Y_STRIDE_W] = OUT_C,
	[JOB_Y_STRIDE_C] = 1,
	[JOB_X_ZERO] = -3,
	[JOB_Y_ZERO] = 5,
	[JOB_LOW] = -120,
	[JOB_HIGH] = 127,
	[JOB_X_STRIDE_BATCH] = IN_H * IN_W * IN_C,
	[JOB_Y_STRIDE_BATCH] = OUT_H * OUT_W * OUT_C,
};

static int8_t x[BATCH * IN_H * IN_W * IN_C];
static int8_t w[OUT_C * K * K * IN_C];
static int32_t bias[OUT_C];
static int32_t multiplier[OUT_C];
static int32_t shift[OUT_C];
static int8_t y[BATCH * OUT_H * OUT_W * OUT_C];

/* Numerical Recipes' linear congruential generator: the same numbers everywhere. */
static inline int8_t next_number(uint32_t *state)
{
	*state = *state * 1664525U + 1013904223U;
	return (int8_t)((int32_t)(*state >> 24) - 128);
}

static inline int32_t run_job(void)
{
	uint32_t state = 1;

	for (uint32_t i = 0; i < sizeof(x); i++) {
		x[i] = next_number(&state);
	}
	for (uint32_t i = 0; i < sizeof(w); i++) {
		w[i] = next_number(&state);
	}
	for (uint32_t i = 0; i < OUT_C; i++) {
		bias[i] = next_number(&state) * 16;
		multiplier[i] = 0x40000000 + (int32_t)i * 0x01234567;
		shift[i] = 40;
	}
	return mac_array_run(job, x, w, bias, multiplier, shift, y);
}

/* Adler-32 of the output. */
static inline uint32_t output_sum(void)
{
	uint32_t a = 1;
	uint32_t b = 0;

	for (uint32_t i = 0; i < sizeof(y); i++) {
		a = (a + (uint8_t)y[i]) % 65521U;
		b = (b + a) % 65521U;
	}
	return (b << 16) | a;
}

#endif /* TESTS_ZEPHYR_DRIVERS_MAC_ARRAY_MAC_ARRAY_JOB_H_ */
