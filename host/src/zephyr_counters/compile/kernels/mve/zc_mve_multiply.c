/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <arm_mve.h>

#include "zc_elementwise.h"
#include "zc_mve.h"
#include "zc_mve_bytes.h"
#include "zc_mve_elementwise.h"

static inline int32x4_t scaled(int32x4_t product, int32x4_t multiplier, int32x4_t shift)
{
	return vrshlq_s32(vmulhq_s32(product, multiplier), shift);
}

int32_t zc_mve_multiply(const int8_t *a, const int8_t *b, const int32_t *op, int8_t *y)
{
	const struct zc_multiply *multiply = (const void *)op;
	/* A byte of uint8, extended by its sign, to the same less 128. */
	int16x8_t flip_a = vdupq_n_s16(multiply->a_flip == 0 ? 0 : (int16_t)0xff80);
	int16x8_t flip_b = vdupq_n_s16(multiply->b_flip == 0 ? 0 : (int16_t)0xff80);
	int16x8_t zero_a = vdupq_n_s16((int16_t)multiply->a_zero);
	int16x8_t zero_b = vdupq_n_s16((int16_t)multiply->b_zero);
	int32x4_t multiplier = vdupq_n_s32(multiply->multiplier);
	int32x4_t shift = vdupq_n_s32(32 - multiply->shift);
	int8_t *to = y;

	for (int32_t size = multiply->size; size > 0; size -= 8) {
		mve_pred16_t p = vctp16q((uint32_t)size);
		int16x8_t wide_a = vsubq_s16(veorq_s16(vldrbq_z_s16(a, p), flip_a), zero_a);
		int16x8_t wide_b = vsubq_s16(veorq_s16(vldrbq_z_s16(b, p), flip_b), zero_b);
		int32x4_t even = scaled(vmullbq_int_s16(wide_a, wide_b), multiplier, shift);
		int32x4_t odd = scaled(vmulltq_int_s16(wide_a, wide_b), multiplier, shift);
		int16x8_t sums = vqmovntq_s32(vqmovnbq_s32(wide_a, even), odd);

		sums = vqaddq_n_s16(sums, (int16_t)multiply->zero);
		vstrbq_p_s16(to,
			     vreinterpretq_s16_s8(vqmovnbq_s16(vreinterpretq_s8_s16(sums), sums)),
			     p);
		a += 8;
		b += 8;
		to += 8;
	}
	zc_mve_clamp(y, multiply->size, multiply->low, multiply->high, multiply->y_flip);
	return 0;
}
