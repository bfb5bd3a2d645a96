/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* One row, by the division of the file that includes this. */

#ifndef ZC_SOFTMAX_ROW_H_
#define ZC_SOFTMAX_ROW_H_

#include "zc_softmax.h"

typedef int32_t zc_softmax_divide(uint32_t part, uint32_t sum, const struct zc_softmax *op);

__attribute__((always_inline)) static inline void
zc_softmax_row(const int8_t *x, const struct zc_softmax *op, int8_t *y, zc_softmax_divide *divide)
{
	const int8_t *end = x + op->columns;
	const uint32_t *table = op->table;
	int32_t flip = op->flip;
	int32_t zero = op->zero;
	int32_t low = op->low;
	int32_t high = op->high;
	int32_t most = INT8_MIN;
	uint32_t sum = 0;

	for (const int8_t *at = x; at != end; at++) {
		int32_t value = (int8_t)(*at ^ flip);

		most = value > most ? value : most;
	}
	for (const int8_t *at = x; at != end; at++) {
		sum += table[most - (int8_t)(*at ^ flip)];
	}
	while (x != end) {
		uint32_t part = table[most - (int8_t)(*x++ ^ flip)];
		int32_t value = divide(part, sum, op) + zero;

		value = value > low ? value : low;
		*y++ = (int8_t)(value < high ? value : high);
	}
}

#endif /* ZC_SOFTMAX_ROW_H_ */
