/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* The DSP instructions of compile/kernels/dsp/zc_dsp.h in C (Armv7-M ARM, A7.7). */

#ifndef ZC_DSP_H_
#define ZC_DSP_H_

#include <stdint.h>
#include <string.h>

static inline int32_t zc_dsp_halves(int32_t low, int32_t high)
{
	return (int32_t)(((uint32_t)low & 0xffffU) | (uint32_t)high << 16);
}

static inline int32_t zc_dsp_even_bytes(int32_t a)
{
	return zc_dsp_halves((int8_t)a, (int8_t)(a >> 16));
}

static inline int32_t zc_dsp_odd_bytes(int32_t a)
{
	return zc_dsp_halves((int8_t)(a >> 8), (int8_t)(a >> 24));
}

static inline int32_t zc_dsp_add_even_bytes(int32_t a, int32_t b)
{
	return zc_dsp_halves(a + (int8_t)b, (a >> 16) + (int8_t)(b >> 16));
}

static inline int32_t zc_dsp_add_odd_bytes(int32_t a, int32_t b)
{
	return zc_dsp_halves(a + (int8_t)(b >> 8), (a >> 16) + (int8_t)(b >> 24));
}

static inline int32_t zc_dsp_saturate(int32_t a)
{
	return a < INT8_MIN ? INT8_MIN : a > INT8_MAX ? INT8_MAX : a;
}

static inline int32_t zc_dsp_max_bytes(int32_t a, int32_t b)
{
	int8_t x[4];
	int8_t y[4];

	memcpy(x, &a, sizeof(x));
	memcpy(y, &b, sizeof(y));
	for (int i = 0; i < 4; i++) {
		x[i] = x[i] >= y[i] ? x[i] : y[i];
	}
	memcpy(&a, x, sizeof(x));
	return a;
}

static inline int32_t zc_dsp_min_bytes(int32_t a, int32_t b)
{
	/* ~v is -1 - v, for each byte. */
	return ~zc_dsp_max_bytes(~a, ~b);
}

static inline int32_t zc_dsp_high(int32_t a, int32_t b, int32_t c)
{
	return (int32_t)((uint32_t)((int64_t)a * b >> 32) + (uint32_t)c);
}

/* SMMLA, ASR and SSAT, with which kernels in assembly requantize. */
static inline int8_t zc_dsp_requantize(int32_t sum, int32_t m, int32_t c, int32_t k)
{
	return (int8_t)zc_dsp_saturate(zc_dsp_high(sum, m, c) >> k);
}

static inline int32_t zc_dsp_dual(int32_t a, int32_t b, int32_t c)
{
	return (int32_t)((uint32_t)c + (uint32_t)((int16_t)a * (int16_t)b) +
			 (uint32_t)((a >> 16) * (b >> 16)));
}

static inline int32_t zc_dsp_word(const void *x)
{
	int32_t value;

	memcpy(&value, x, sizeof(value));
	return value;
}

static inline void zc_dsp_store(void *to, int32_t value)
{
	memcpy(to, &value, sizeof(value));
}

#endif /* ZC_DSP_H_ */
