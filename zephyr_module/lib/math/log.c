/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * log(x) = e ln 2 + log(m) with m in [sqrt(1/2), sqrt(2)), and log(m) = 2 atanh(s) with
 * s = (m - 1) / (m + 1), |s| <= 0.172: the series up to s^9 is off by less than 2e-9 of it.
 */

#include <math.h>
#include <stdint.h>
#include <string.h>

#define LN2_HIGH   0.693359375f
#define LN2_LOW    -2.12194440e-4f
#define MIN_NORMAL 1.17549435e-38f
#define TWO_TO_23  8388608.0f

float logf(float x)
{
	int32_t exponent = 0;
	uint32_t bits;
	float m;
	float f;
	float s;
	float z;
	float tail;

	if (isnan(x) || x < 0.0f) {
		return NAN;
	}
	if (x == 0.0f || isinf(x)) {
		return x == 0.0f ? -INFINITY : x;
	}
	if (x < MIN_NORMAL) {
		x *= TWO_TO_23;
		exponent = -23;
	}
	memcpy(&bits, &x, sizeof(bits));
	/* Mantissas above that of sqrt(2) belong to the next power of two. */
	exponent += (int32_t)((bits + 0x004afb0dU) >> 23) - 127;
	bits -= (((bits + 0x004afb0dU) >> 23) - 127U) << 23;
	memcpy(&m, &bits, sizeof(m));
	f = m - 1.0f;
	s = f / (2.0f + f);
	z = s * s;
	tail = z * (2.0f / 3.0f + z * (2.0f / 5.0f + z * (2.0f / 7.0f + z * (2.0f / 9.0f))));
	/* 2 s = f - s f, whose first part is exact. */
	return (float)exponent * LN2_HIGH + (f - (s * (f - tail) - (float)exponent * LN2_LOW));
}
