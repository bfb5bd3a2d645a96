/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <math.h>

/* From here on a float has no fraction. */
#define TWO_TO_23 8388608.0f

static int is_whole(float x)
{
	return !(__builtin_fabsf(x) < TWO_TO_23);
}

float fabsf(float x)
{
	return __builtin_fabsf(x);
}

float nearbyintf(float x)
{
	float size = __builtin_fabsf(x);

	/* The sum has no room for a fraction, so the addition itself rounds, to even. */
	return is_whole(x) ? x : __builtin_copysignf((size + TWO_TO_23) - TWO_TO_23, x);
}

float rintf(float x)
{
	return nearbyintf(x);
}

float truncf(float x)
{
	return is_whole(x) ? x : __builtin_copysignf((float)(int)x, x);
}

float roundf(float x)
{
	float whole = truncf(x);

	if (is_whole(x)) {
		return x;
	}
	return __builtin_fabsf(x - whole) < 0.5f ? whole : whole + __builtin_copysignf(1.0f, x);
}

float floorf(float x)
{
	float whole = truncf(x);

	return whole > x ? whole - 1.0f : whole;
}

float ceilf(float x)
{
	float whole = truncf(x);

	return whole < x ? __builtin_copysignf(whole + 1.0f, x) : whole;
}

float fmaxf(float x, float y)
{
	return isnan(x) || x < y ? y : x;
}

float fminf(float x, float y)
{
	return isnan(x) || y < x ? y : x;
}
