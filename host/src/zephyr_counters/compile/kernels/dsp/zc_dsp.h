/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* Instructions of Armv7E-M that C does not have (Armv7-M ARM, A7.7). */

#ifndef ZC_DSP_H_
#define ZC_DSP_H_

#include <stdint.h>
#include <string.h>

#ifndef __ARM_FEATURE_DSP
#error "the model's kernels need a core with DSP instructions; compile the model for this core"
#endif

#define ZC_DSP_UNARY(name, text)                                                                   \
	static inline int32_t name(int32_t a)                                                      \
	{                                                                                          \
		int32_t result;                                                                    \
		__asm__(text : "=r"(result) : "r"(a));                                             \
		return result;                                                                     \
	}

#define ZC_DSP_BINARY(name, text)                                                                  \
	static inline int32_t name(int32_t a, int32_t b)                                           \
	{                                                                                          \
		int32_t result;                                                                    \
		__asm__(text : "=&r"(result) : "r"(a), "r"(b));                                    \
		return result;                                                                     \
	}

#define ZC_DSP_TERNARY(name, text)                                                                 \
	static inline int32_t name(int32_t a, int32_t b, int32_t c)                                \
	{                                                                                          \
		int32_t result;                                                                    \
		__asm__(text : "=r"(result) : "r"(a), "r"(b), "r"(c));                             \
		return result;                                                                     \
	}

/* Bytes 0 and 2, or 1 and 3, each in a halfword. */
ZC_DSP_UNARY(zc_dsp_even_bytes, "sxtb16 %0, %1")
ZC_DSP_UNARY(zc_dsp_odd_bytes, "sxtb16 %0, %1, ror #8")
/* The same, each added to a halfword. */
ZC_DSP_BINARY(zc_dsp_add_even_bytes, "sxtab16 %0, %1, %2")
ZC_DSP_BINARY(zc_dsp_add_odd_bytes, "sxtab16 %0, %1, %2, ror #8")
/* Saturated to int8. */
ZC_DSP_UNARY(zc_dsp_saturate, "ssat %0, #8, %1")
/* Sum of the halfwords' products and c. */
ZC_DSP_TERNARY(zc_dsp_dual, "smlad %0, %1, %2, %3")
/* High word of a * b, and c. */
ZC_DSP_TERNARY(zc_dsp_high, "smmla %0, %1, %2, %3")
/* The larger, or smaller, of each of four bytes: SSUB8 leaves in APSR.GE which that is. */
ZC_DSP_BINARY(zc_dsp_max_bytes, "ssub8 %0, %1, %2\n\tsel %0, %1, %2")
ZC_DSP_BINARY(zc_dsp_min_bytes, "ssub8 %0, %2, %1\n\tsel %0, %1, %2")

static inline int8_t zc_dsp_requantize(int32_t sum, int32_t m, int32_t c, int32_t k)
{
	return (int8_t)zc_dsp_saturate(zc_dsp_high(sum, m, c) >> k);
}

static inline int32_t zc_dsp_word(const void *from)
{
	int32_t value;

	memcpy(&value, from, sizeof(value));
	return value;
}

static inline void zc_dsp_store(void *to, int32_t value)
{
	memcpy(to, &value, sizeof(value));
}

#endif /* ZC_DSP_H_ */
