/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include "zc_dsp_gather.h"
#include "zc_dsp.h"
#include "zc_dsp_clamp.h"
#include "zc_dsp_product.h"
#include "zc_gather.h"

static inline int16_t value(const int8_t *x, int32_t flip)
{
	return (int8_t)(*x ^ flip);
}

/* Both pixels' taps, in pairs of each in turn. */
__attribute__((always_inline)) static inline void load_two(int16_t *to, const int8_t *first,
							   const int8_t *second,
							   const struct zc_gather *op, int32_t flip)
{
	const uint16_t *offset = op->offset;
	int32_t count = op->rows * op->columns * op->depth;

	for (const uint16_t *end = offset + (count & ~1); offset != end; offset += 2) {
		to[0] = value(first + offset[0], flip);
		to[1] = value(first + offset[1], flip);
		to[2] = value(second + offset[0], flip);
		to[3] = value(second + offset[1], flip);
		to += 4;
	}
	if (count % 2 != 0) {
		to[0] = value(first + offset[0], flip);
		to[2] = value(second + offset[0], flip);
	}
}

/* One pixel's taps, of which some are in the padding. */
static void load_edge(int16_t *to, const int8_t *x, const struct zc_window *window,
		      const struct zc_gather *op)
{
	const uint16_t *offset = op->offset;
	int32_t flip = op->x_flip;
	int32_t step = 1;

	for (int32_t i = 0; i < op->rows; i++) {
		uint32_t row = (uint32_t)(window->top + i * op->row_dilation);

		for (int32_t j = 0; j < op->columns; j++) {
			uint32_t column = (uint32_t)(window->left + j * op->column_dilation);
			const uint16_t *end = offset + op->depth;

			if (row < (uint32_t)op->x_height && column < (uint32_t)op->x_width) {
				for (; offset != end; offset++) {
					*to = value(x + window->origin + *offset, flip);
					to += step;
					step ^= 2;
				}
			} else {
				for (; offset != end; offset++) {
					*to = (int8_t)(op->zero ^ flip);
					to += step;
					step ^= 2;
				}
			}
		}
	}
}

static void two(const struct zc_gather *op, const int8_t *x, const struct zc_window *windows,
		const int8_t *blocks, void *scratch, int8_t *out)
{
	int16_t *wide = scratch;
	int32_t padded = (op->outputs + 3) & ~3;

	if (!windows[0].is_inside || !windows[1].is_inside) {
		load_edge(wide, x, &windows[0], op);
		load_edge(wide + 2, x, &windows[1], op);
	} else if (op->x_flip == 0) {
		load_two(wide, x + windows[0].origin, x + windows[1].origin, op, 0);
	} else {
		load_two(wide, x + windows[0].origin, x + windows[1].origin, op, 0x80);
	}
	zc_dsp_product_two(wide, wide + 2 * op->taps, blocks, blocks + op->size, out, out + padded);
	zc_dsp_clamp(out, 2 * padded, op->low, op->high, 0);
}

int32_t zc_dsp_gather(const int8_t *x, const int32_t *op, int8_t *y, void *scratch)
{
	const struct zc_gather *conv = (const void *)op;

	/* Taps are a multiple of 8; those that do not exist have no weight, but are multiplied. */
	memset(scratch, 0, (size_t)conv->taps * 4U);
	return zc_gather(x, conv, y, scratch, conv->taps * 4, two);
}
