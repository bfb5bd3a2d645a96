/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include "zc_dsp_conv.h"
#include "zc_dsp.h"
#include "zc_dsp_clamp.h"
#include "zc_dsp_product.h"

static int32_t within(int32_t value, int32_t limit)
{
	return value < 0 ? 0 : value > limit ? limit : value;
}

/* `columns` neighbouring columns of a row, padding included. */
static int8_t *copy_row(int8_t *to, const int8_t *x, int32_t row, int32_t left, int32_t columns,
			const struct zc_dsp_conv *op)
{
	int32_t channels = op->x_channels;
	int32_t before = columns;
	int32_t inside = 0;

	if ((uint32_t)row < (uint32_t)op->x_height) {
		before = within(-left, columns);
		inside = within(op->x_width - left, columns) - before;
	}
	memset(to, op->zero, (size_t)(before * channels));
	to += before * channels;
	if (inside > 0) {
		memcpy(to, x + (row * op->x_width + left + before) * channels,
		       (size_t)(inside * channels));
		to += inside * channels;
	}
	memset(to, op->zero, (size_t)((columns - before - inside) * channels));
	return to + (columns - before - inside) * channels;
}

static void copy_taps(int8_t *to, const int8_t *x, int32_t top, int32_t left,
		      const struct zc_dsp_conv *op)
{
	int32_t joined = op->column_dilation == 1 ? op->columns : 1;

	for (int32_t row = 0; row < op->rows; row++) {
		for (int32_t column = 0; column < op->columns; column += joined) {
			to = copy_row(to, x, top + row * op->row_dilation,
				      left + column * op->column_dilation, joined, op);
		}
	}
}

/*
 * One pixel's taps, in pairs with room for the other pixel's between them: first the whole fours of
 * each kernel row, then what remains of each.
 */
__attribute__((always_inline)) static inline void load(int16_t *to, const int8_t *x, int32_t pixel,
						       const struct zc_dsp_conv *op, int8_t *taps,
						       int32_t flip)
{
	int32_t top = pixel / op->y_width * op->row_stride - op->pad_top;
	int32_t left = pixel % op->y_width * op->column_stride - op->pad_left;
	int32_t length = op->columns * op->x_channels;
	int32_t step = length;
	const int8_t *from = taps;

	if ((uint32_t)top < (uint32_t)op->inner_rows &&
	    (uint32_t)left < (uint32_t)op->inner_columns) {
		from = x + (top * op->x_width + left) * op->x_channels;
		step = op->row_dilation * op->x_width * op->x_channels;
	} else {
		copy_taps(taps, x, top, left, op);
	}
	if (length >= 4) {
		const int8_t *row = from;

		for (int32_t i = op->rows; i > 0; i--) {
			const int8_t *end = row + (length & ~3);

			for (const int8_t *at = row; at != end; at += 4) {
				int32_t word = zc_dsp_word(at) ^ flip;

				zc_dsp_store(&to[0], zc_dsp_even_bytes(word));
				zc_dsp_store(&to[4], zc_dsp_odd_bytes(word));
				to += 8;
			}
			row += step;
		}
	}
	if (length % 4 != 0) {
		int32_t index = 0;

		from += length & ~3;
		for (int32_t i = op->rows; i > 0; i--) {
			for (int32_t j = 0; j < length % 4; j++) {
				to[(index & ~1) * 2 + (index & 1)] = (int8_t)(from[j] ^ flip);
				index++;
			}
			from += step;
		}
	}
}

__attribute__((noinline)) static void load_signed(int16_t *to, const int8_t *x, int32_t pixel,
						  const struct zc_dsp_conv *op, int8_t *taps)
{
	load(to, x, pixel, op, taps, 0);
}

__attribute__((noinline)) static void load_unsigned(int16_t *to, const int8_t *x, int32_t pixel,
						    const struct zc_dsp_conv *op, int8_t *taps)
{
	load(to, x, pixel, op, taps, op->x_flip);
}

static void convolve(const int8_t *x, const struct zc_dsp_conv *op, int8_t *y, int16_t *wide,
		     zc_dsp_two *product)
{
	const int32_t *blocks = (const void *)(op + 1);
	int32_t channels = op->y_channels;
	int32_t padded = (channels + 3) & ~3;
	int32_t pixels = op->y_height * op->y_width;
	int8_t *out = (int8_t *)(wide + 2 * op->taps);
	int8_t *taps = out + (padded != channels ? 2 * padded : 0);

	for (int32_t pixel = 0; pixel < pixels; pixel += 2) {
		/* The last of an odd number is computed twice. */
		int32_t next = pixel + 1 < pixels ? pixel + 1 : pixel;
		int8_t *first = y + pixel * channels;
		int8_t *second = y + next * channels;

		if (op->x_flip == 0) {
			load_signed(wide, x, pixel, op, taps);
			load_signed(wide + 2, x, next, op, taps);
		} else {
			load_unsigned(wide, x, pixel, op, taps);
			load_unsigned(wide + 2, x, next, op, taps);
		}
		if (padded == channels) {
			product(wide, wide + 2 * op->taps, blocks, blocks + op->size, first,
				second);
		} else {
			/* Blocks give four outputs each. */
			product(wide, wide + 2 * op->taps, blocks, blocks + op->size, out,
				out + padded);
			memcpy(first, out, (size_t)channels);
			memcpy(second, out + padded, (size_t)channels);
		}
	}
}

int32_t zc_dsp_conv_by(const int8_t *x, const int32_t *op, int8_t *y, void *scratch,
		       zc_dsp_two *product)
{
	const struct zc_dsp_conv *conv = (const void *)op;
	int32_t x_size = conv->x_height * conv->x_width * conv->x_channels;
	int32_t y_size = conv->y_height * conv->y_width * conv->y_channels;

	/* Taps are a multiple of 8; those that do not exist have no weight, but are multiplied. */
	memset(scratch, 0, (size_t)conv->taps * 4U);
	for (int32_t image = 0; image < conv->images; image++) {
		convolve(x + image * x_size, conv, y + image * y_size, scratch, product);
	}
	zc_dsp_clamp(y, conv->images * y_size, conv->low, conv->high, conv->y_flip);
	return 0;
}

int32_t zc_dsp_conv(const int8_t *x, const int32_t *op, int8_t *y, void *scratch)
{
	return zc_dsp_conv_by(x, op, y, scratch, zc_dsp_product_two);
}
