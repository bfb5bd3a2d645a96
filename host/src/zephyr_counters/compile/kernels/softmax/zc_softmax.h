/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* Softmax over the last axis, by a table of exponentials. */

#ifndef ZC_SOFTMAX_H_
#define ZC_SOFTMAX_H_

#include <stdint.h>

struct zc_softmax {
	int32_t rows;
	int32_t columns;
	int32_t flip; /* 0x80 if x is uint8, otherwise 0 */
	int32_t steps;
	int32_t zero;
	int32_t low;
	int32_t high;
	uint32_t table[256]; /* by how much less than the row's maximum an element is */
};

/**
 * @brief Outputs whose steps are 1/256, so that 32 bits hold every dividend.
 *
 * @param x inputs
 * @param op struct zc_softmax
 * @param y outputs; may be x
 * @return 0
 */
int32_t zc_softmax(const int8_t *x, const int32_t *op, int8_t *y);

/** @brief The same, for any steps. */
int32_t zc_softmax_any(const int8_t *x, const int32_t *op, int8_t *y);

#endif /* ZC_SOFTMAX_H_ */
