/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <arm_mve.h>

#include "zc_gather.h"
#include "zc_mve.h"
#include "zc_mve_bytes.h"
#include "zc_mve_gather.h"
#include "zc_mve_product.h"

/* Elements of x at offsets. */
static int8_t *copy(int8_t *to, const int8_t *x, const uint16_t *offset, int32_t count)
{
	for (int32_t i = 0; i < count; i += 8) {
		mve_pred16_t p = vctp16q((uint32_t)(count - i));
		uint16x8_t offsets = vldrhq_z_u16(offset + i, p);

		vstrbq_p_s16(to + i, vldrbq_gather_offset_z_s16(x, offsets, p), p);
	}
	return to + count;
}

static void load(int8_t *to, const int8_t *x, const struct zc_window *window,
		 const struct zc_gather *op)
{
	const uint16_t *offset = op->offset;
	const int8_t *from = x + window->origin;

	if (window->is_inside) {
		(void)copy(to, from, offset, op->rows * op->columns * op->depth);
		return;
	}
	for (int32_t i = 0; i < op->rows; i++) {
		uint32_t row = (uint32_t)(window->top + i * op->row_dilation);

		for (int32_t j = 0; j < op->columns; j++) {
			uint32_t column = (uint32_t)(window->left + j * op->column_dilation);

			if (row < (uint32_t)op->x_height && column < (uint32_t)op->x_width) {
				to = copy(to, from, offset, op->depth);
			} else {
				zc_mve_fill(to, op->zero, op->depth);
				to += op->depth;
			}
			offset += op->depth;
		}
	}
}

static void two(const struct zc_gather *op, const int8_t *x, const struct zc_window *windows,
		const int8_t *blocks, void *scratch, int8_t *out)
{
	int32_t padded = (op->outputs + 3) & ~3;
	int8_t *taps = scratch;
	struct zc_mve_product product = {
		.zero = op->y_zero, .depth = op->taps, .end = blocks + op->size};

	load(taps, x, &windows[0], op);
	load(taps + op->taps, x, &windows[1], op);
	zc_mve_flip(taps, 2 * op->taps, op->x_flip);
	zc_mve_product_two(taps, taps + op->taps, blocks, out, out + padded, &product);
	zc_mve_clamp(out, 2 * padded, op->low, op->high, 0);
}

int32_t zc_mve_gather(const int8_t *x, const int32_t *op, int8_t *y, void *scratch)
{
	const struct zc_gather *conv = (const void *)op;

	/* Taps are a multiple of 16; those that do not exist have no weight, but are multiplied. */
	zc_mve_fill(scratch, 0, 2 * conv->taps);
	return zc_gather(x, conv, y, scratch, 2 * conv->taps, two);
}
