/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* A sum of a convolution's output and another tensor; what is the same for all cores. */

#ifndef ZC_SUM_H_
#define ZC_SUM_H_

#include <stdint.h>

/* saturate((start + clamp(output) * factor + addend * addend_factor) >> shift), as int8. What
 * limits the sum, and makes uint8 of it, is in the convolution's own struct, which follows.
 */
struct zc_sum {
	int32_t start; /* with y's zero point */
	int32_t factor;
	int32_t addend_factor;
	int32_t shift;
	int32_t low; /* of the convolution's output */
	int32_t high;
	int32_t flip;   /* 0x80808080 if the addend is uint8, otherwise 0 */
	int32_t unused; /* what follows is 16-byte aligned */
};

#endif /* ZC_SUM_H_ */
