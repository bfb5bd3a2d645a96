/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <string.h>

#include "zc_move.h"

/* In words, as a call of memcpy() costs more than most runs are long. */
__attribute__((always_inline)) static inline void copy(uint8_t *to, const uint8_t *from,
						       int32_t size)
{
	const uint8_t *end = from + size;

	while (end - from >= 8) {
		uint32_t words[2];

		memcpy(words, from, sizeof(words));
		memcpy(to, words, sizeof(words));
		from += 8;
		to += 8;
	}
	while (from != end) {
		*to++ = *from++;
	}
}

static void move(const void *x, const struct zc_move_block *block, uint8_t *y)
{
	const struct zc_move_block b = *block;
	const uint8_t *from = (const uint8_t *)x + b.x_offset;
	uint8_t *to = y + b.y_offset;

	for (int32_t i = 0; i < b.extent[0]; i++) {
		for (int32_t j = 0; j < b.extent[1]; j++) {
			const uint8_t *run = from + i * b.x_stride[0] + j * b.x_stride[1];
			uint8_t *end = to + i * b.y_stride[0] + j * b.y_stride[1];

			for (int32_t k = b.extent[2]; k > 0; k--) {
				copy(end, run, b.run);
				run += b.x_stride[2];
				end += b.y_stride[2];
			}
		}
	}
}

static const struct zc_move_block *blocks(const int32_t *op)
{
	return ((const struct zc_move *)(const void *)op)->block;
}

int32_t zc_move1(const void *x0, const int32_t *op, void *y)
{
	const struct zc_move *whole = (const void *)op;

	memset(y, whole->fill, (size_t)whole->filled);
	move(x0, blocks(op), y);
	return 0;
}

int32_t zc_move2(const void *x0, const void *x1, const int32_t *op, void *y)
{
	move(x1, blocks(op) + 1, y);
	return zc_move1(x0, op, y);
}

int32_t zc_move3(const void *x0, const void *x1, const void *x2, const int32_t *op, void *y)
{
	move(x2, blocks(op) + 2, y);
	return zc_move2(x0, x1, op, y);
}

int32_t zc_move4(const void *x0, const void *x1, const void *x2, const void *x3, const int32_t *op,
		 void *y)
{
	move(x3, blocks(op) + 3, y);
	return zc_move3(x0, x1, x2, op, y);
}
