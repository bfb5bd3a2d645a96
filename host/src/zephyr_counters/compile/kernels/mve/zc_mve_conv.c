/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <arm_mve.h>

#include "zc_mve.h"
#include "zc_mve_bytes.h"
#include "zc_mve_conv.h"
#include "zc_mve_product.h"

static int32_t within(int32_t value, int32_t limit)
{
	return value < 0 ? 0 : value > limit ? limit : value;
}

/* `columns` neighbouring columns of a row, padding included. */
static int8_t *copy_row(int8_t *to, const int8_t *x, int32_t row, int32_t left, int32_t columns,
			const struct zc_mve_conv *op)
{
	int32_t channels = op->x_channels;
	int32_t before = columns;
	int32_t inside = 0;

	if ((uint32_t)row < (uint32_t)op->x_height) {
		before = within(-left, columns);
		inside = within(op->x_width - left, columns) - before;
	}
	zc_mve_fill(to, op->x_zero, before * channels);
	to += before * channels;
	if (inside > 0) {
		zc_mve_copy(to, x + (row * op->x_width + left + before) * channels,
			    inside * channels);
		to += inside * channels;
	}
	zc_mve_fill(to, op->x_zero, (columns - before - inside) * channels);
	return to + (columns - before - inside) * channels;
}

static void load(int8_t *to, const int8_t *x, int32_t pixel, const struct zc_mve_conv *op)
{
	int32_t top = pixel / op->y_width * op->row_stride - op->pad_top;
	int32_t left = pixel % op->y_width * op->column_stride - op->pad_left;
	int32_t joined = op->column_dilation == 1 ? op->columns : 1;
	int32_t length = op->columns * op->x_channels;

	if ((uint32_t)top < (uint32_t)op->inner_rows &&
	    (uint32_t)left < (uint32_t)op->inner_columns) {
		const int8_t *from = x + (top * op->x_width + left) * op->x_channels;
		int32_t rest = length % 16;
		mve_pred16_t last = vctp8q((uint32_t)rest);

		/* zc_mve_copy(), for each row. */
		for (int32_t row = op->rows; row > 0; row--) {
			for (int32_t i = length / 16; i > 0; i--) {
				vstrbq_s8(to, vldrbq_s8(from));
				to += 16;
				from += 16;
			}
			if (rest > 0) {
				vstrbq_p_s8(to, vldrbq_z_s8(from, last), last);
				to += rest;
				from += rest;
			}
			from += op->row_dilation * op->x_width * op->x_channels - length;
		}
		return;
	}
	for (int32_t row = 0; row < op->rows; row++) {
		for (int32_t column = 0; column < op->columns; column += joined) {
			to = copy_row(to, x, top + row * op->row_dilation,
				      left + column * op->column_dilation, joined, op);
		}
	}
}

static void convolve(const int8_t *x, const struct zc_mve_conv *op, int8_t *y, int8_t *taps,
		     zc_mve_two *two, const struct zc_mve_product *product)
{
	const int8_t *blocks = (const void *)(op + 1);
	int32_t channels = op->y_channels;
	int32_t padded = (channels + 3) & ~3;
	int32_t pixels = op->y_height * op->y_width;
	int8_t *out = taps + 2 * op->taps;

	for (int32_t pixel = 0; pixel < pixels; pixel += 2) {
		/* The last of an odd number is computed twice. */
		int32_t next = pixel + 1 < pixels ? pixel + 1 : pixel;
		int8_t *first = y + pixel * channels;
		int8_t *second = y + next * channels;

		load(taps, x, pixel, op);
		load(taps + op->taps, x, next, op);
		zc_mve_flip(taps, 2 * op->taps, op->x_flip);
		if (padded == channels) {
			two(taps, taps + op->taps, blocks, first, second, product);
		} else {
			/* Blocks give four outputs each. */
			two(taps, taps + op->taps, blocks, out, out + padded, product);
			zc_mve_copy(first, out, channels);
			zc_mve_copy(second, out + padded, channels);
		}
	}
}

struct zc_mve_product zc_mve_product_of(const struct zc_mve_conv *op)
{
	const int8_t *blocks = (const void *)(op + 1);
	struct zc_mve_product product = {
		.zero = op->y_zero, .depth = op->taps, .end = blocks + op->size};

	return product;
}

int32_t zc_mve_conv_by(const int8_t *x, const struct zc_mve_conv *op, int8_t *y, int8_t *scratch,
		       zc_mve_two *two, const struct zc_mve_product *product)
{
	int32_t x_size = op->x_height * op->x_width * op->x_channels;
	int32_t y_size = op->y_height * op->y_width * op->y_channels;

	/* Taps are a multiple of 16; those that do not exist have no weight, but are multiplied. */
	zc_mve_fill(scratch, 0, 2 * op->taps);
	for (int32_t image = 0; image < op->images; image++) {
		convolve(x + image * x_size, op, y + image * y_size, scratch, two, product);
	}
	zc_mve_clamp(y, op->images * y_size, op->low, op->high, op->y_flip);
	return 0;
}

int32_t zc_mve_conv(const int8_t *x, const int32_t *op, int8_t *y, void *scratch)
{
	const struct zc_mve_conv *conv = (const void *)op;
	const struct zc_mve_product product = zc_mve_product_of(conv);

	return zc_mve_conv_by(x, conv, y, scratch, zc_mve_product_two, &product);
}

int32_t zc_mve_dense(const int8_t *x, const int32_t *op, int8_t *y, void *scratch)
{
	const struct zc_mve_conv *conv = (const void *)op;
	const struct zc_mve_product product = zc_mve_product_of(conv);
	int8_t *row = scratch;
	int8_t *out = row + conv->taps;

	zc_mve_fill(row, 0, conv->taps);
	zc_mve_copy(row, x, conv->x_channels);
	zc_mve_flip(row, conv->x_channels, conv->x_flip);
	zc_mve_product_one(row, (const void *)(conv + 1), out, &product);
	zc_mve_copy(y, out, conv->y_channels);
	zc_mve_clamp(y, conv->y_channels, conv->low, conv->high, conv->y_flip);
	return 0;
}

int32_t zc_mve_pointwise_by(const int8_t *x, const struct zc_mve_conv *op, int8_t *y,
			    int8_t *scratch, zc_mve_one *one, zc_mve_two *two,
			    const struct zc_mve_product *product)
{
	const int8_t *blocks = (const void *)(op + 1);
	int32_t inputs = op->x_channels;
	int32_t outputs = op->y_channels;
	int32_t rows = op->images * op->y_height * op->y_width;
	/* More is read than a row's inputs, but not after the last row. */
	int32_t row = inputs == op->taps ? rows : rows - 1;
	int8_t *to = y;

	for (; row > 1; row -= 2) {
		two(x, x + inputs, blocks, to, to + outputs, product);
		x += 2 * inputs;
		to += 2 * outputs;
	}
	if (row == 1) {
		one(x, blocks, to, product);
		x += inputs;
		to += outputs;
	}
	if (inputs != op->taps) {
		zc_mve_fill(scratch, 0, op->taps);
		zc_mve_copy(scratch, x, inputs);
		one(scratch, blocks, to, product);
	}
	zc_mve_clamp(y, rows * outputs, op->low, op->high, op->y_flip);
	return 0;
}

int32_t zc_mve_pointwise(const int8_t *x, const int32_t *op, int8_t *y, void *scratch)
{
	const struct zc_mve_conv *conv = (const void *)op;
	const struct zc_mve_product product = zc_mve_product_of(conv);

	return zc_mve_pointwise_by(x, conv, y, scratch, zc_mve_product_one, zc_mve_product_two,
				   &product);
}
