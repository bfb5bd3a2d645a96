/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include "zc_dsp_sum.h"
#include "zc_dsp.h"
#include "zc_dsp_clamp.h"
#include "zc_sum.h"

/* What zc_dsp_sum_two() needs to know. It lies where products find it, before the inputs. */
struct call {
	zc_dsp_two *product;
	const struct zc_sum *op;
	const int8_t *addend;
	const int8_t *y;
	int32_t channels;
};

static inline void add(const int8_t *a, const int8_t *b, int8_t *y, int32_t size,
		       const struct zc_sum *op)
{
	const struct zc_sum sum = *op;
	const int8_t *end = a + size;

	do {
		int32_t first = zc_dsp_word(a);
		int32_t second = zc_dsp_word(b) ^ sum.flip;

#pragma GCC unroll 4
		for (int32_t shift = 0; shift < 32; shift += 8) {
			int32_t total = sum.start + (int8_t)(first >> shift) * sum.factor +
					(int8_t)(second >> shift) * sum.addend_factor;

			*y++ = (int8_t)zc_dsp_saturate(total >> sum.shift);
		}
		a += 4;
		b += 4;
	} while (a != end);
}

void zc_dsp_sum_two(const int16_t *x, const int16_t *x_end, const void *blocks,
		    const void *blocks_end, int8_t *y0, int8_t *y1)
{
	const struct call *call = (const void *)((const int8_t *)x - ZC_DSP_SUM_SCRATCH);
	int32_t channels = call->channels;
	int8_t *out = (int8_t *)(uintptr_t)call - 2 * channels;

	call->product(x, x_end, blocks, blocks_end, out, out + channels);
	if (call->op->low != INT8_MIN || call->op->high != INT8_MAX) {
		zc_dsp_clamp(out, 2 * channels, call->op->low, call->op->high, 0);
	}
	/* The last of an odd number of pixels is there twice; its sum may replace what was added.
	 */
	add(out, call->addend + (y0 - call->y), y0, y1 == y0 ? channels : 2 * channels, call->op);
}

void *zc_dsp_sum_begin(const int8_t *addend, const int32_t *op, const int8_t *y, void *scratch,
		       int32_t channels, zc_dsp_two *product)
{
	struct call *call = (void *)((int8_t *)scratch + 2 * channels);

	_Static_assert(sizeof(*call) <= ZC_DSP_SUM_SCRATCH, "kernels need more scratch memory");
	*call = (struct call){product, (const void *)op, addend, y, channels};
	return (int8_t *)call + ZC_DSP_SUM_SCRATCH;
}
