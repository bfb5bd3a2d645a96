/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include "zc_fft.h"

#define ZC_FFT_ELEMENT float

static float zc_sum(float a, float b)
{
	return a + b;
}

static float zc_difference(float a, float b)
{
	return a - b;
}

static float zc_negative(float a)
{
	return -a;
}

static float zc_half_sum(float a, float b)
{
	return (a + b) * 0.5f;
}

static float zc_half_difference(float a, float b)
{
	return (a - b) * 0.5f;
}

static float zc_products_sum(float a, float b, float c, float d)
{
	return a * b + c * d;
}

static float zc_products_difference(float a, float b, float c, float d)
{
	return a * b - c * d;
}

static float zc_part(float a, int32_t parts)
{
	(void)parts;
	return a;
}

#include "zc_fft_template.h"

int32_t zc_rfft_float(const float *x, const int32_t *op, const float *roots, float *y)
{
	zc_forward_rows(x, (const void *)op, roots, y);
	return 0;
}

/* The integer transforms divide by the length as they go. */
int32_t zc_irfft_float(const float *x, const int32_t *op, const float *roots, float *y,
		       void *scratch)
{
	const struct zc_fft *fft = (const void *)op;

	zc_backward_rows(x, fft, roots, y, scratch);
	for (int32_t i = 0; i < fft->rows * fft->length; i++) {
		y[i] /= (float)fft->length;
	}
	return 0;
}
