/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* Fourier transforms of real signals, with the rounding that TensorFlow Lite Micro has. */

#ifndef ZC_FFT_H_
#define ZC_FFT_H_

#include <stdint.h>

struct zc_fft {
	int32_t rows;
	int32_t length; /* of the real signal: 2 * points */
	int32_t given;  /* elements of a row that the forward transform reads; the rest is 0 */
	int32_t stages;
	int32_t radix[8]; /* 4 or 2, of the outermost stage first; their product is `points` */
};

/* Forward: rows of `given` reals to rows of `points` + 1 complex numbers. Inverse: back.
 *
 * `roots`: `points` complex numbers exp(-2 pi i k / points), then `points` / 2 of
 * exp(-pi i ((k + 1) / points + 1 / 2)); conjugated for the inverse.
 */
int32_t zc_rfft_int16(const int16_t *x, const int32_t *op, const int16_t *roots, int16_t *y);
int32_t zc_rfft_int32(const int32_t *x, const int32_t *op, const int32_t *roots, int32_t *y);
int32_t zc_rfft_float(const float *x, const int32_t *op, const float *roots, float *y);

/* `scratch`: `length` elements. */
int32_t zc_irfft_int16(const int16_t *x, const int32_t *op, const int16_t *roots, int16_t *y,
		       void *scratch);
int32_t zc_irfft_int32(const int32_t *x, const int32_t *op, const int32_t *roots, int32_t *y,
		       void *scratch);
int32_t zc_irfft_float(const float *x, const int32_t *op, const float *roots, float *y,
		       void *scratch);

#endif
