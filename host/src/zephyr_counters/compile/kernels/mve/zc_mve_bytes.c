/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <arm_mve.h>

#include "zc_mve.h"
#include "zc_mve_bytes.h"

void zc_mve_copy(int8_t *to, const int8_t *from, int32_t size)
{
	for (int32_t i = size / 16; i > 0; i--) {
		vstrbq_s8(to, vldrbq_s8(from));
		to += 16;
		from += 16;
	}
	if (size % 16 > 0) {
		mve_pred16_t p = vctp8q((uint32_t)size % 16U);

		vstrbq_p_s8(to, vldrbq_z_s8(from, p), p);
	}
}

void zc_mve_fill(int8_t *to, int32_t value, int32_t size)
{
	int8x16_t values = vdupq_n_s8((int8_t)value);

	for (; size > 0; size -= 16) {
		vstrbq_p_s8(to, values, vctp8q((uint32_t)size));
		to += 16;
	}
}

void zc_mve_flip(int8_t *y, int32_t size, int32_t flip)
{
	int8x16_t bits = vdupq_n_s8((int8_t)flip);

	if (flip == 0) {
		return;
	}
	for (; size > 0; size -= 16) {
		mve_pred16_t p = vctp8q((uint32_t)size);

		vstrbq_p_s8(y, veorq_s8(vldrbq_z_s8(y, p), bits), p);
		y += 16;
	}
}

void zc_mve_clamp(int8_t *y, int32_t size, int32_t low, int32_t high, int32_t flip)
{
	int8x16_t lowest = vdupq_n_s8((int8_t)low);
	int8x16_t highest = vdupq_n_s8((int8_t)high);

	int8x16_t bits = vdupq_n_s8((int8_t)flip);

	if (low == INT8_MIN && high == INT8_MAX && flip == 0) {
		return;
	}
	for (; size > 0; size -= 16) {
		mve_pred16_t p = vctp8q((uint32_t)size);
		int8x16_t values = vminq_s8(vmaxq_s8(vldrbq_z_s8(y, p), lowest), highest);

		vstrbq_p_s8(y, veorq_s8(values, bits), p);
		y += 16;
	}
}
