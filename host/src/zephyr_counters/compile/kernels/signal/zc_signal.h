/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* The audio front end between the transform and the features, in fixed point as TensorFlow Lite
 * Micro computes it (signal/src). Sums and shifts of uint32_t wrap, as there.
 */

#ifndef ZC_SIGNAL_H_
#define ZC_SIGNAL_H_

#include <stdint.h>

/* By how many bits `size` elements can be shifted left: 0 to 15. */
int32_t zc_signal_scale_bits(const int16_t *x, const int32_t *size, int32_t *y);

struct zc_filter_bank {
	int32_t channels; /* of the result */
};

/* Channel c is the sum of `weights` over its own bins and of `unweights` over those of the channel
 * before; `starts`, `offsets` and `widths` have `channels` + 1 elements.
 */
int32_t zc_signal_filter_bank(const uint32_t *x, const int32_t *op, const int16_t *weights,
			      const int16_t *unweights, const int16_t *starts,
			      const int16_t *offsets, const int16_t *widths, uint64_t *y);

/* Square roots, rounded, without their `bits` lowest bits. */
int32_t zc_signal_square_root(const uint64_t *x, const int32_t *bits, const int32_t *size,
			      uint32_t *y);

struct zc_noise {
	int32_t channels;
	uint32_t smoothing[2]; /* of even and odd channels */
	uint32_t keeping[2];   /* 1 - smoothing */
	uint32_t least;        /* what of the signal remains at least */
	int32_t smoothing_bits;
	int32_t bits; /* after the point of all factors above */
	int32_t clamps;
};

/* The noise after this frame, from that before. */
int32_t zc_signal_noise(const uint32_t *x, const uint32_t *noise, const int32_t *op, uint32_t *y);

/* The signal without the noise after this frame. */
int32_t zc_signal_without_noise(const uint32_t *x, const uint32_t *noise, const int32_t *op,
				uint32_t *y);

struct zc_log {
	int32_t size;
	int32_t scale;
	int32_t bits;
};

/* scale * log(x << bits). `table`: 2^16 * (log2(1 + i / 128) - i / 128), 130 elements. */
int32_t zc_signal_log(const uint32_t *x, const int32_t *op, const uint16_t *table, int16_t *y);

struct zc_gain {
	int32_t size;
	int32_t shift;
};

/* Automatic gain control per channel; `table`: 4 elements per power of 2, 125 at least. */
int32_t zc_signal_gain(const uint32_t *x, const uint32_t *noise, const int16_t *table,
		       const int32_t *op, uint32_t *y);

#endif
