/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* The hardware model: which jobs it refuses, and the arithmetic of those it takes. */

#include <stdbool.h>
#include <stddef.h>

#include "mac_array_hardware.h"

static const struct {
	int32_t low;
	int32_t high;
	enum mac_array_code code;
} ranges[] = {
#define MAC_ARRAY_JOB_RANGE(name, low, high, code) {low, high, MAC_ARRAY_##code},
	MAC_ARRAY_JOB_TABLE(MAC_ARRAY_JOB_RANGE)
#undef MAC_ARRAY_JOB_RANGE
};

/* Whether the words that are refused with this code are in their ranges. */
static bool all_within(const int32_t *word, enum mac_array_code code)
{
	for (size_t i = 0; i < MAC_ARRAY_JOB_WORDS; i++) {
		if (ranges[i].code == code &&
		    (word[i] < ranges[i].low || word[i] > ranges[i].high)) {
			return false;
		}
	}
	return true;
}

static bool shape_fits(const int32_t *word)
{
	return all_within(word, MAC_ARRAY_BAD_SHAPE) &&
	       (word[JOB_GROUPS] == 1 ||
		(word[JOB_GROUPS] == word[JOB_IN_C] && word[JOB_OUT_C] == word[JOB_IN_C]));
}

/* The largest offset into an array of these dimensions is one that 31 bits hold. */
static bool offsets_fit(const int32_t *word, const uint8_t (*dims)[2], size_t num)
{
	int64_t sum = 0;

	for (size_t i = 0; i < num; i++) {
		sum += (int64_t)word[dims[i][1]] * (word[dims[i][0]] - 1);
	}
	return sum <= INT32_MAX;
}

static bool sums_fit(const struct mac_array_job *job)
{
	static const uint8_t x[][2] = {{JOB_BATCH, JOB_X_STRIDE_BATCH},
				       {JOB_IN_H, JOB_X_STRIDE_H},
				       {JOB_IN_W, JOB_X_STRIDE_W},
				       {JOB_IN_C, JOB_X_STRIDE_C}};
	static const uint8_t y[][2] = {{JOB_BATCH, JOB_Y_STRIDE_BATCH},
				       {JOB_OUT_H, JOB_Y_STRIDE_H},
				       {JOB_OUT_W, JOB_Y_STRIDE_W},
				       {JOB_OUT_C, JOB_Y_STRIDE_C}};
	/* Depthwise weights have no input channels, so the last of these is left out then. */
	static const uint8_t w[][2] = {{JOB_OUT_C, JOB_W_STRIDE_O},
				       {JOB_K_H, JOB_W_STRIDE_H},
				       {JOB_K_W, JOB_W_STRIDE_W},
				       {JOB_IN_C, JOB_W_STRIDE_I}};
	const int32_t *word = job->word;

	return all_within(word, MAC_ARRAY_OVERFLOW) &&
	       (int64_t)word[JOB_K_H] * word[JOB_K_W] * mac_array_window_channels(job) <=
		       MAC_ARRAY_MAX_WINDOW &&
	       offsets_fit(word, x, 4) && offsets_fit(word, y, 4) &&
	       offsets_fit(word, w, word[JOB_GROUPS] == 1 ? 4 : 3);
}

static bool addresses_fit(const uint64_t *address)
{
	for (size_t i = 0; i < MAC_ARRAY_NUM_ADDRESSES; i++) {
		bool words = i >= ADDRESS_BIAS && i <= ADDRESS_SHIFT;

		if (address[i] == 0 || (words && address[i] % sizeof(int32_t) != 0)) {
			return false;
		}
	}
	return true;
}

enum mac_array_code mac_array_check(const struct mac_array_job *job)
{
	const int32_t *word = job->word;

	if (!shape_fits(word)) {
		return MAC_ARRAY_BAD_SHAPE;
	}
	if (!sums_fit(job)) {
		return MAC_ARRAY_OVERFLOW;
	}
	if (!addresses_fit(job->address)) {
		return MAC_ARRAY_BAD_ADDRESS;
	}
	if (!all_within(word, MAC_ARRAY_BAD_RANGE) || word[JOB_LOW] > word[JOB_HIGH]) {
		return MAC_ARRAY_BAD_RANGE;
	}
	return MAC_ARRAY_OK;
}

static const void *memory(const struct mac_array_job *job, enum mac_array_address which)
{
	return (const void *)(uintptr_t)job->address[which];
}

/* The taps of a kernel that read inside the input: from `first`, below `end`. */
static void inside(int32_t at, int32_t dilation, int32_t taps, int32_t size, int32_t *first,
		   int32_t *end)
{
	*first = at >= 0 ? 0 : (-at + dilation - 1) / dilation;
	*end = at >= size ? 0 : (size - 1 - at) / dilation + 1;
	if (*end > taps) {
		*end = taps;
	}
}

/* The sum of one window over one output channel; padding adds nothing. */
static int32_t window(const struct mac_array_job *job, const int8_t *x, const int8_t *w,
		      int32_t at_h, int32_t at_w)
{
	const int32_t *word = job->word;
	const int32_t zero = word[JOB_X_ZERO];
	const int32_t channels = mac_array_window_channels(job);
	int32_t first_h, end_h, first_w, end_w;
	int32_t sum = 0;

	inside(at_h, word[JOB_DILATION_H], word[JOB_K_H], word[JOB_IN_H], &first_h, &end_h);
	inside(at_w, word[JOB_DILATION_W], word[JOB_K_W], word[JOB_IN_W], &first_w, &end_w);
	for (int32_t h = first_h; h < end_h; h++) {
		for (int32_t v = first_w; v < end_w; v++) {
			const int8_t *px =
				x +
				(ptrdiff_t)(at_h + h * word[JOB_DILATION_H]) *
					word[JOB_X_STRIDE_H] +
				(ptrdiff_t)(at_w + v * word[JOB_DILATION_W]) * word[JOB_X_STRIDE_W];
			const int8_t *pw = w + (ptrdiff_t)h * word[JOB_W_STRIDE_H] +
					   (ptrdiff_t)v * word[JOB_W_STRIDE_W];

			for (int32_t c = 0; c < channels; c++) {
				sum += (px[(ptrdiff_t)c * word[JOB_X_STRIDE_C]] - zero) *
				       pw[(ptrdiff_t)c * word[JOB_W_STRIDE_I]];
			}
		}
	}
	return sum;
}

/* Rounds half up: adds half, then shifts, which for negative numbers means towards minus infinity.
 */
static int8_t requantize(const struct mac_array_job *job, int32_t accumulator, int32_t multiplier,
			 int32_t shift)
{
	int64_t product = (int64_t)accumulator * multiplier + ((int64_t)1 << (shift - 1));
	int64_t value = (product >> shift) + job->word[JOB_Y_ZERO];

	if (value < job->word[JOB_LOW]) {
		value = job->word[JOB_LOW];
	}
	if (value > job->word[JOB_HIGH]) {
		value = job->word[JOB_HIGH];
	}
	return (int8_t)value;
}

static bool scales_fit(const struct mac_array_job *job)
{
	const int32_t *multiplier = memory(job, ADDRESS_MULTIPLIER);
	const int32_t *shift = memory(job, ADDRESS_SHIFT);

	for (int32_t o = 0; o < job->word[JOB_OUT_C]; o++) {
		if (multiplier[o] < (int32_t)1 << 30 || shift[o] < 1 || shift[o] > 62) {
			return false;
		}
	}
	return true;
}

/* One row of output pixels in one channel. */
static void compute_row(const struct mac_array_job *job, int32_t batch, int32_t o, int32_t row)
{
	const int32_t *word = job->word;
	const int32_t bias = ((const int32_t *)memory(job, ADDRESS_BIAS))[o];
	const int32_t multiplier = ((const int32_t *)memory(job, ADDRESS_MULTIPLIER))[o];
	const int32_t shift = ((const int32_t *)memory(job, ADDRESS_SHIFT))[o];
	const int8_t *x = memory(job, ADDRESS_X);
	const int8_t *w = memory(job, ADDRESS_W);
	int8_t *y = (int8_t *)(uintptr_t)job->address[ADDRESS_Y];

	x += (ptrdiff_t)batch * word[JOB_X_STRIDE_BATCH];
	x += word[JOB_GROUPS] == 1 ? 0 : (ptrdiff_t)o * word[JOB_X_STRIDE_C];
	w += (ptrdiff_t)o * word[JOB_W_STRIDE_O];
	y += (ptrdiff_t)batch * word[JOB_Y_STRIDE_BATCH] + (ptrdiff_t)o * word[JOB_Y_STRIDE_C] +
	     (ptrdiff_t)row * word[JOB_Y_STRIDE_H];
	for (int32_t column = 0; column < word[JOB_OUT_W]; column++) {
		int32_t sum = window(job, x, w, row * word[JOB_STRIDE_H] - word[JOB_PAD_TOP],
				     column * word[JOB_STRIDE_W] - word[JOB_PAD_LEFT]);

		/* The accumulator has 32 bits; a bias that overflows it wraps. */
		sum = (int32_t)((uint32_t)sum + (uint32_t)bias);
		y[(ptrdiff_t)column * word[JOB_Y_STRIDE_W]] =
			requantize(job, sum, multiplier, shift);
	}
}

enum mac_array_code mac_array_compute(const struct mac_array_job *job)
{
	if (!scales_fit(job)) {
		return MAC_ARRAY_BAD_SCALE;
	}
	for (int32_t batch = 0; batch < job->word[JOB_BATCH]; batch++) {
		for (int32_t o = 0; o < job->word[JOB_OUT_C]; o++) {
			for (int32_t row = 0; row < job->word[JOB_OUT_H]; row++) {
				compute_row(job, batch, o, row);
			}
		}
	}
	return MAC_ARRAY_OK;
}
