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
	const struct zc_fft *fft = (const void *)op;

	for (int32_t row = 0; row < fft->rows; row++) {
		zc_forward(fft, x, (const void *)roots, (void *)y);
		x += fft->given;
		y += fft->length + 2;
	}
	return 0;
}

/* The integer transforms divide by the length as they go. */
int32_t zc_irfft_float(const float *x, const int32_t *op, const float *roots, float *y,
		       void *scratch)
{
	const struct zc_fft *fft = (const void *)op;

	for (int32_t row = 0; row < fft->rows; row++) {
		zc_backward(fft, (const void *)x, (const void *)roots, (void *)y, scratch);
		for (int32_t i = 0; i < fft->length; i++) {
			y[i] /= (float)fft->length;
		}
		x += fft->length + 2;
		y += fft->length;
	}
	return 0;
}
