/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <arm_mve.h>

#include "zc_elementwise.h"
#include "zc_mve.h"
#include "zc_mve_bytes.h"
#include "zc_mve_elementwise.h"

static inline int32x4_t scaled(int32x4_t a, int32x4_t b, const struct zc_add *op)
{
	int32x4_t sum = vmlaq_n_s32(vmulq_n_s32(a, op->factor_a), b, op->factor_b);

	return vshlq_r_s32(vaddq_n_s32(sum, op->start), -op->shift);
}

int32_t zc_mve_add(const int8_t *a, const int8_t *b, const int32_t *op, int8_t *y)
{
	const struct zc_add add = *(const struct zc_add *)(const void *)op;
	/* A byte of uint8, extended by its sign, to the same less 128. */
	int16x8_t flip_a = vdupq_n_s16(add.a_flip == 0 ? 0 : (int16_t)0xff80);
	int16x8_t flip_b = vdupq_n_s16(add.b_flip == 0 ? 0 : (int16_t)0xff80);
	int8_t *to = y;

	for (int32_t size = add.size; size > 0; size -= 8) {
		mve_pred16_t p = vctp16q((uint32_t)size);
		int16x8_t wide_a = veorq_s16(vldrbq_z_s16(a, p), flip_a);
		int16x8_t wide_b = veorq_s16(vldrbq_z_s16(b, p), flip_b);
		int32x4_t even = scaled(vmovlbq_s16(wide_a), vmovlbq_s16(wide_b), &add);
		int32x4_t odd = scaled(vmovltq_s16(wide_a), vmovltq_s16(wide_b), &add);
		int16x8_t sums = vqmovntq_s32(vqmovnbq_s32(wide_a, even), odd);

		sums = vqaddq_n_s16(sums, (int16_t)add.zero);
		vstrbq_p_s16(to,
			     vreinterpretq_s16_s8(vqmovnbq_s16(vreinterpretq_s8_s16(sums), sums)),
			     p);
		a += 8;
		b += 8;
		to += 8;
	}
	zc_mve_clamp(y, add.size, add.low, add.high, add.y_flip);
	return 0;
}
