/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <arm_mve.h>

#include "zc_mve.h"
#include "zc_mve_bytes.h"
#include "zc_mve_conv.h"
#include "zc_mve_product.h"
#include "zc_mve_sum.h"
#include "zc_sum.h"

/* What add_two() needs to know: it gets the product's sizes, of which this is more. */
struct sum {
	struct zc_mve_product product;
	const struct zc_sum *op;
	const int8_t *addend;
	const int8_t *y;
	int8_t *out; /* two pixels' outputs */
	int32_t channels;
};

static const struct zc_mve_conv *rest(const int32_t *op)
{
	return (const void *)(op + sizeof(struct zc_sum) / sizeof(*op));
}

static void add(const int8_t *a, const int8_t *b, int8_t *y, int32_t size, const struct zc_sum *op)
{
	int32x4_t factors = vdupq_n_s32(op->factor);
	/* A byte of uint8, extended by its sign, to the same less 128. */
	int32x4_t flip = vdupq_n_s32(op->flip == 0 ? 0 : -128);
	int32_t start = op->start;
	int32_t addend_factor = op->addend_factor;
	int32_t shift = -op->shift;

	for (int32_t i = size / 4; i > 0; i--) {
		int32x4_t second = veorq_s32(vldrbq_s32(b), flip);
		int32x4_t sums = vmlasq_n_s32(vldrbq_s32(a), factors, start);

		sums = vshlq_r_s32(vmlaq_n_s32(sums, second, addend_factor), shift);
		sums = vminq_s32(vmaxq_s32(sums, vdupq_n_s32(INT8_MIN)), vdupq_n_s32(INT8_MAX));
		vstrbq_s32(y, sums);
		a += 4;
		b += 4;
		y += 4;
	}
}

__attribute__((noinline)) static void add_two(const int8_t *x0, const int8_t *x1,
					      const int8_t *blocks, int8_t *y0, int8_t *y1,
					      const struct zc_mve_product *product)
{
	const struct sum *sum = (const void *)product;
	int32_t channels = sum->channels;
	int8_t *out = sum->out;

	zc_mve_product_two(x0, x1, blocks, out, out + channels, product);
	if (sum->op->low != INT8_MIN || sum->op->high != INT8_MAX) {
		zc_mve_clamp(out, 2 * channels, sum->op->low, sum->op->high, 0);
	}
	/* The last of an odd number of pixels is there twice; its sum may replace what was added.
	 */
	add(out, sum->addend + (y0 - sum->y), y0, y1 == y0 ? channels : 2 * channels, sum->op);
}

static void add_one(const int8_t *x, const int8_t *blocks, int8_t *y,
		    const struct zc_mve_product *product)
{
	add_two(x, x, blocks, y, y, product);
}

/* Returns the rest of the scratch memory. */
static int8_t *begin(struct sum *sum, const int8_t *addend, const int32_t *op, const int8_t *y,
		     void *scratch)
{
	const struct zc_mve_conv *conv = rest(op);

	sum->product = zc_mve_product_of(conv);
	sum->op = (const void *)op;
	sum->addend = addend;
	sum->y = y;
	sum->out = scratch;
	sum->channels = conv->y_channels;
	return sum->out + ((2 * sum->channels + 15) & ~15);
}

int32_t zc_mve_conv_sum(const int8_t *x, const int8_t *addend, const int32_t *op, int8_t *y,
			void *scratch)
{
	struct sum sum;
	int8_t *more = begin(&sum, addend, op, y, scratch);

	return zc_mve_conv_by(x, rest(op), y, more, add_two, &sum.product);
}

int32_t zc_mve_pointwise_sum(const int8_t *x, const int8_t *addend, const int32_t *op, int8_t *y,
			     void *scratch)
{
	struct sum sum;
	int8_t *more = begin(&sum, addend, op, y, scratch);

	return zc_mve_pointwise_by(x, rest(op), y, more, add_one, add_two, &sum.product);
}
