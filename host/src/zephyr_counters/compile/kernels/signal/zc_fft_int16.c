/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include "zc_fft.h"

#define ZC_FFT_ELEMENT int16_t

/* Sums that leave the type wrap. */
static int16_t zc_sum(int16_t a, int16_t b)
{
	return (int16_t)((uint32_t)a + (uint32_t)b);
}

static int16_t zc_difference(int16_t a, int16_t b)
{
	return (int16_t)((uint32_t)a - (uint32_t)b);
}

static int16_t zc_negative(int16_t a)
{
	return (int16_t)(0U - (uint32_t)a);
}

static int16_t zc_half_sum(int16_t a, int16_t b)
{
	return (int16_t)((a + b) >> 1);
}

static int16_t zc_half_difference(int16_t a, int16_t b)
{
	return (int16_t)((a - b) >> 1);
}

static int16_t zc_rounded(int32_t product)
{
	return (int16_t)((product + ((int32_t)1 << 14)) >> 15);
}

static int16_t zc_products_sum(int16_t a, int16_t b, int16_t c, int16_t d)
{
	return zc_rounded((int32_t)a * b + (int32_t)c * d);
}

static int16_t zc_products_difference(int16_t a, int16_t b, int16_t c, int16_t d)
{
	return zc_rounded((int32_t)a * b - (int32_t)c * d);
}

static int16_t zc_part(int16_t a, int32_t parts)
{
	return zc_rounded((int32_t)a * (INT16_MAX / parts));
}

#include "zc_fft_template.h"

int32_t zc_rfft_int16(const int16_t *x, const int32_t *op, const int16_t *roots, int16_t *y)
{
	zc_forward_rows(x, (const void *)op, roots, y);
	return 0;
}

int32_t zc_irfft_int16(const int16_t *x, const int32_t *op, const int16_t *roots, int16_t *y,
		       void *scratch)
{
	zc_backward_rows(x, (const void *)op, roots, y, scratch);
	return 0;
}
