/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <math.h>

/* Beyond it the result rounds to 1. */
#define LARGEST 9.02f
#define SMALL   0.25f

float tanhf(float x)
{
	float size = fabsf(x);
	float value;

	if (size < SMALL) {
		float z = x * x;

		/* The Taylor series; the next term is less than 1e-8 of the sum. */
		return x +
		       x * z *
			       (-1.0f / 3.0f +
				z * (2.0f / 15.0f + z * (-17.0f / 315.0f + z * (62.0f / 2835.0f))));
	}
	value = size > LARGEST ? 1.0f : 1.0f - 2.0f / (expf(2.0f * size) + 1.0f);
	return isnan(x) ? x : __builtin_copysignf(value, x);
}
