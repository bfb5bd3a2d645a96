/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include "zc_roofs.h"

/* 8 multiply-accumulates: four sums, so that one need not wait for another. */
#define EIGHT_MACS(a, b, c, d, factor, addend)                                                     \
	do {                                                                                       \
		FOUR_MACS(a, b, c, d, factor, addend);                                             \
		FOUR_MACS(a, b, c, d, factor, addend);                                             \
	} while (0)
#define FOUR_MACS(a, b, c, d, factor, addend)                                                      \
	do {                                                                                       \
		a = a * (factor) + (addend);                                                       \
		b = b * (factor) + (addend);                                                       \
		c = c * (factor) + (addend);                                                       \
		d = d * (factor) + (addend);                                                       \
	} while (0)

/* 8 multiply-accumulates a word. */
int32_t zc_roofs_macs(const int32_t *x, const int32_t *sizes, int32_t *y)
{
	int32_t factor = x[0] | 3;
	int32_t a = x[1];
	int32_t b = x[2];
	int32_t c = x[3];
	int32_t d = x[0];

	for (int32_t i = 0; i < sizes[0] * sizes[1]; i++) {
		EIGHT_MACS(a, b, c, d, factor, i);
	}
	y[0] = a;
	y[1] = b;
	y[2] = c;
	y[3] = d;
	return 0;
}

/* The same with floats. */
int32_t zc_roofs_float_macs(const int32_t *x, const int32_t *sizes, int32_t *y)
{
	float factor = (float)(x[0] & 1) + 0.5f;
	float a = (float)x[1];
	float b = (float)x[2];
	float c = (float)x[3];
	float d = (float)x[0];

	for (int32_t i = 0; i < sizes[0] * sizes[1]; i++) {
		EIGHT_MACS(a, b, c, d, factor, factor);
	}
	y[0] = (int32_t)a;
	y[1] = (int32_t)b;
	y[2] = (int32_t)c;
	y[3] = (int32_t)d;
	return 0;
}
