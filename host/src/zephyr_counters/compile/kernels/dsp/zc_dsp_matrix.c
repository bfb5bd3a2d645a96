/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include "zc_dsp_matrix.h"
#include "zc_dsp.h"
#include "zc_dsp_clamp.h"
#include "zc_dsp_product.h"

/* A row as int16; its last inputs that are no four in their order, and zeros up to a multiple of
 * 8.
 */
static int16_t *widen_one(int16_t *to, const int8_t *x, int32_t inputs, int32_t flip)
{
	int16_t *end = to + ((inputs + 7) & ~7);
	const int8_t *last = x + inputs;

	while (last - x >= 4) {
		int32_t word = zc_dsp_word(x) ^ flip;

		zc_dsp_store(&to[0], zc_dsp_even_bytes(word));
		zc_dsp_store(&to[2], zc_dsp_odd_bytes(word));
		to += 4;
		x += 4;
	}
	while (x != last) {
		*to++ = (int8_t)(*x++ ^ flip);
	}
	while (to != end) {
		*to++ = 0;
	}
	return end;
}

int32_t zc_dsp_dense_by(const int8_t *x, const int32_t *op, int8_t *y, void *scratch,
			zc_dsp_one *product)
{
	const struct zc_dsp_matrix *matrix = (const void *)op;
	const int32_t *blocks = (const void *)(matrix + 1);
	int16_t *wide = scratch;
	int16_t *wide_end = widen_one(wide, x, matrix->inputs, matrix->x_flip);
	/* Blocks give four outputs each. */
	int8_t *to = matrix->outputs % 4 == 0 ? y : (int8_t *)wide_end;

	product(wide, wide_end, blocks, blocks + matrix->size, to);
	if (to != y) {
		memcpy(y, to, (size_t)matrix->outputs);
	}
	zc_dsp_clamp(y, matrix->outputs, matrix->low, matrix->high, matrix->y_flip);
	return 0;
}

/* Two rows as int16, a pair of inputs of each in turn. */
static void widen_two(int16_t *to, const int8_t *first, const int8_t *second, int32_t inputs,
		      int32_t flip)
{
	const int8_t *end = first + inputs;

	do {
		int32_t a = zc_dsp_word(first) ^ flip;
		int32_t b = zc_dsp_word(second) ^ flip;

		zc_dsp_store(&to[0], zc_dsp_even_bytes(a));
		zc_dsp_store(&to[2], zc_dsp_even_bytes(b));
		zc_dsp_store(&to[4], zc_dsp_odd_bytes(a));
		zc_dsp_store(&to[6], zc_dsp_odd_bytes(b));
		to += 8;
		first += 4;
		second += 4;
	} while (first != end);
}

int32_t zc_dsp_pointwise_by(const int8_t *x, const int32_t *op, int8_t *y, void *scratch,
			    zc_dsp_two *product)
{
	const struct zc_dsp_matrix *matrix = (const void *)op;
	const int32_t *blocks = (const void *)(matrix + 1);
	int32_t inputs = matrix->inputs;
	int32_t outputs = matrix->outputs;
	int16_t *wide = scratch;
	int32_t row = 0;

	do {
		/* The last of an odd number is computed twice. */
		int32_t next = row + 1 < matrix->rows ? row + 1 : row;

		widen_two(wide, x + row * inputs, x + next * inputs, inputs, matrix->x_flip);
		product(wide, wide + 2 * inputs, blocks, blocks + matrix->size, y + row * outputs,
			y + next * outputs);
		row += 2;
	} while (row < matrix->rows);
	zc_dsp_clamp(y, matrix->rows * outputs, matrix->low, matrix->high, matrix->y_flip);
	return 0;
}

int32_t zc_dsp_dense(const int8_t *x, const int32_t *op, int8_t *y, void *scratch)
{
	return zc_dsp_dense_by(x, op, y, scratch, zc_dsp_product_one);
}

int32_t zc_dsp_pointwise(const int8_t *x, const int32_t *op, int8_t *y, void *scratch)
{
	return zc_dsp_pointwise_by(x, op, y, scratch, zc_dsp_product_two);
}
