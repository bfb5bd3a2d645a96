/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include "zc_fft.h"

#define ZC_FFT_ELEMENT int32_t

/* Sums that leave the type wrap. */
static int32_t zc_sum(int32_t a, int32_t b)
{
	return (int32_t)((uint32_t)a + (uint32_t)b);
}

static int32_t zc_difference(int32_t a, int32_t b)
{
	return (int32_t)((uint32_t)a - (uint32_t)b);
}

static int32_t zc_negative(int32_t a)
{
	return (int32_t)(0U - (uint32_t)a);
}

static int32_t zc_half_sum(int32_t a, int32_t b)
{
	return zc_sum(a, b) >> 1;
}

static int32_t zc_half_difference(int32_t a, int32_t b)
{
	return zc_difference(a, b) >> 1;
}

static int32_t zc_rounded(int64_t product)
{
	return (int32_t)((product + ((int64_t)1 << 30)) >> 31);
}

static int32_t zc_products_sum(int32_t a, int32_t b, int32_t c, int32_t d)
{
	return zc_rounded((int64_t)a * b + (int64_t)c * d);
}

static int32_t zc_products_difference(int32_t a, int32_t b, int32_t c, int32_t d)
{
	return zc_rounded((int64_t)a * b - (int64_t)c * d);
}

static int32_t zc_part(int32_t a, int32_t parts)
{
	return zc_rounded((int64_t)a * (INT32_MAX / parts));
}

#include "zc_fft_template.h"

int32_t zc_rfft_int32(const int32_t *x, const int32_t *op, const int32_t *roots, int32_t *y)
{
	zc_forward_rows(x, (const void *)op, roots, y);
	return 0;
}

int32_t zc_irfft_int32(const int32_t *x, const int32_t *op, const int32_t *roots, int32_t *y,
		       void *scratch)
{
	zc_backward_rows(x, (const void *)op, roots, y, scratch);
	return 0;
}
