/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * exp(x) = 2^n exp(r) with n = round(x / ln 2), so |r| <= ln(2) / 2, where the Taylor polynomial of
 * degree 7 is off by less than 6e-9. ln 2 is split so that n times its high part is exact.
 */

#include <math.h>
#include <stdint.h>
#include <string.h>

#define LOG2_E   1.44269504f
#define LN2_HIGH 0.693359375f
#define LN2_LOW  -2.12194440e-4f
/* Beyond these the result is infinite, or rounds to 0. */
#define LARGEST     88.7228394f
#define SMALLEST    -103.972084f
#define LEAST_POWER -126

static float power_of_two(int32_t n)
{
	uint32_t bits = (uint32_t)(n + 127) << 23;
	float value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

float expf(float x)
{
	int32_t n;
	float r;
	float sum;

	if (isnan(x) || x > LARGEST) {
		return x > 0.0f ? INFINITY : x;
	}
	if (x < SMALLEST) {
		return 0.0f;
	}
	n = (int32_t)nearbyintf(x * LOG2_E);
	r = (x - (float)n * LN2_HIGH) - (float)n * LN2_LOW;
	sum = 1.0f / 5040.0f;
	sum = sum * r + 1.0f / 720.0f;
	sum = sum * r + 1.0f / 120.0f;
	sum = sum * r + 1.0f / 24.0f;
	sum = sum * r + 1.0f / 6.0f;
	sum = sum * r + 0.5f;
	sum = sum * r * r + r + 1.0f;
	if (n > 127) {
		return sum * 2.0f * power_of_two(n - 1);
	}
	if (n < LEAST_POWER) {
		return sum * power_of_two(n - LEAST_POWER) * power_of_two(LEAST_POWER);
	}
	return sum * power_of_two(n);
}
