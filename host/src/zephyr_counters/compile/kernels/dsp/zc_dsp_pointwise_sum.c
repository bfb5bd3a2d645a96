/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include "zc_dsp_matrix.h"
#include "zc_dsp_sum.h"
#include "zc_sum.h"

__attribute__((noinline)) int32_t zc_dsp_pointwise_sum_by(const int8_t *x, const int8_t *addend,
							  const int32_t *op, int8_t *y,
							  void *scratch, zc_dsp_two *product)
{
	const int32_t *rest = op + sizeof(struct zc_sum) / sizeof(*op);
	int32_t channels = ((const struct zc_dsp_matrix *)(const void *)rest)->outputs;
	void *more = zc_dsp_sum_begin(addend, op, y, scratch, channels, product);

	return zc_dsp_pointwise_by(x, rest, y, more, zc_dsp_sum_two);
}

int32_t zc_dsp_pointwise_sum(const int8_t *x, const int8_t *addend, const int32_t *op, int8_t *y,
			     void *scratch)
{
	return zc_dsp_pointwise_sum_by(x, addend, op, y, scratch, zc_dsp_product_two);
}
