/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * The hardware model: what a job costs. ../README.md says the same in words.
 *
 * The job is cut into tiles of 8 output pixels by 8 output channels (1 if depthwise), all pixels of
 * one tile of channels before the next. While the array computes a tile, the DMA stores the one
 * before and loads the one after it.
 */

#include <stdbool.h>
#include <stddef.h>

#include "mac_array_hardware.h"

struct tiling {
	int64_t window;
	int64_t num_pixels;
	uint64_t input_bytes;
	int32_t columns;
	bool weights_stay;
	bool input_stays;
};

/* A tile in the array, and the one before it on its way out. */
struct pipeline {
	uint64_t compute_cycles;
	uint64_t bytes_out;
	uint64_t bytes_out_before;
};

static int32_t taps_inside(int32_t at, int32_t dilation, int32_t taps, int32_t size)
{
	int32_t num = 0;

	for (int32_t i = 0; i < taps; i++) {
		num += at + i * dilation >= 0 && at + i * dilation < size;
	}
	return num;
}

/* Bytes of input below one output pixel; padding is not loaded. */
static uint64_t patch_bytes(const struct mac_array_job *job, int64_t pixel)
{
	const int32_t *word = job->word;
	int32_t column = (int32_t)(pixel % word[JOB_OUT_W]);
	int32_t row = (int32_t)(pixel / word[JOB_OUT_W] % word[JOB_OUT_H]);
	int32_t high = taps_inside(row * word[JOB_STRIDE_H] - word[JOB_PAD_TOP],
				   word[JOB_DILATION_H], word[JOB_K_H], word[JOB_IN_H]);
	int32_t wide = taps_inside(column * word[JOB_STRIDE_W] - word[JOB_PAD_LEFT],
				   word[JOB_DILATION_W], word[JOB_K_W], word[JOB_IN_W]);

	return (uint64_t)((int64_t)high * wide * mac_array_window_channels(job));
}

static void plan(const struct mac_array_job *job, struct tiling *tiling)
{
	const int32_t *word = job->word;
	uint64_t rows = (uint64_t)((int64_t)word[JOB_BATCH] * word[JOB_IN_H]);
	uint64_t row_bytes = (uint64_t)((int64_t)word[JOB_IN_W] * word[JOB_IN_C]);

	tiling->columns = word[JOB_GROUPS] == 1 ? ARRAY_COLUMNS : 1;
	tiling->window = (int64_t)word[JOB_K_H] * word[JOB_K_W] * mac_array_window_channels(job);
	tiling->num_pixels = (int64_t)word[JOB_BATCH] * word[JOB_OUT_H] * word[JOB_OUT_W];
	/* Both below 2^32, so the product fits. */
	tiling->input_bytes = rows * row_bytes;
	tiling->input_stays = tiling->input_bytes <= LOCAL_HALF_BYTES;
	tiling->weights_stay = tiling->columns * (tiling->window + SCALE_BYTES) <= LOCAL_HALF_BYTES;
}

/* Bytes that a tile needs and that are not in local memory. */
static uint64_t load_bytes(const struct mac_array_job *job, const struct tiling *tiling,
			   int64_t pixel, int32_t pixels, int32_t channel, int32_t channels)
{
	uint64_t bytes = 0;

	if (pixel == 0 || !tiling->weights_stay) {
		bytes += (uint64_t)(channels * (tiling->window + SCALE_BYTES));
	}
	if (!tiling->input_stays) {
		for (int32_t i = 0; i < pixels; i++) {
			bytes += patch_bytes(job, pixel + i);
		}
	} else if (pixel == 0 && channel == 0) {
		bytes += tiling->input_bytes;
	}
	return bytes;
}

static uint64_t dma_cycles(uint64_t bytes)
{
	return (bytes + DMA_BYTES_A_CYCLE - 1) / DMA_BYTES_A_CYCLE;
}

/* The array and the DMA work at the same time; the one that finishes first waits. */
static void step(const struct pipeline *pipeline, uint64_t bytes_in, struct mac_array_cost *cost)
{
	uint64_t dma = dma_cycles(pipeline->bytes_out_before) + dma_cycles(bytes_in);
	uint64_t stalls = dma > pipeline->compute_cycles ? dma - pipeline->compute_cycles : 0;

	cost->cycles += pipeline->compute_cycles + stalls;
	cost->stalls += stalls;
	cost->bytes_in += bytes_in;
	cost->bytes_out += pipeline->bytes_out_before;
}

static void advance(struct pipeline *pipeline, uint64_t compute_cycles, uint64_t bytes_out)
{
	pipeline->bytes_out_before = pipeline->bytes_out;
	pipeline->compute_cycles = compute_cycles;
	pipeline->bytes_out = bytes_out;
}

void mac_array_cost(const struct mac_array_job *job, struct mac_array_cost *cost)
{
	struct pipeline pipeline = {0};
	struct tiling tiling;

	*cost = (struct mac_array_cost){0};
	plan(job, &tiling);
	for (int32_t channel = 0; channel < job->word[JOB_OUT_C]; channel += tiling.columns) {
		int32_t left = job->word[JOB_OUT_C] - channel;
		int32_t channels = left < tiling.columns ? left : tiling.columns;

		for (int64_t pixel = 0; pixel < tiling.num_pixels; pixel += ARRAY_ROWS) {
			int64_t rest = tiling.num_pixels - pixel;
			int32_t pixels = rest < ARRAY_ROWS ? (int32_t)rest : ARRAY_ROWS;
			uint64_t outputs = (uint64_t)pixels * (uint64_t)channels;

			step(&pipeline, load_bytes(job, &tiling, pixel, pixels, channel, channels),
			     cost);
			advance(&pipeline, (uint64_t)tiling.window, outputs);
			cost->macs += outputs * (uint64_t)tiling.window;
			cost->tiles++;
		}
	}
	/* The last tile: computed while the one before is stored, then stored itself. */
	step(&pipeline, 0, cost);
	advance(&pipeline, 0, 0);
	step(&pipeline, 0, cost);
}
