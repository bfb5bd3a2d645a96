/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include "zc_signal.h"

/* One more than the index of the highest bit that is set; 32 for 0. */
static int32_t zc_bits_of(uint32_t x)
{
	int32_t bits = 0;

	for (uint32_t rest = x; rest != 0; rest >>= 1) {
		bits++;
	}
	return x != 0 ? bits : 32;
}

int32_t zc_signal_scale_bits(const int16_t *x, const int32_t *size, int32_t *y)
{
	int16_t most = 0;
	int32_t bits;

	for (int32_t i = 0; i < *size; i++) {
		if (x[i] > most) {
			most = x[i];
		} else if (-x[i] > most) {
			most = (int16_t)-x[i]; /* -32768 stays itself */
		}
	}
	bits = 15 - zc_bits_of((uint32_t)(int32_t)most);
	*y = bits > 0 ? bits : 0;
	return 0;
}

int32_t zc_signal_filter_bank(const uint32_t *x, const int32_t *op, const int16_t *weights,
			      const int16_t *unweights, const int16_t *starts,
			      const int16_t *offsets, const int16_t *widths, uint64_t *y)
{
	const struct zc_filter_bank *bank = (const void *)op;
	uint64_t next = 0;

	for (int32_t channel = 0; channel <= bank->channels; channel++) {
		uint64_t sum = next;

		next = 0;
		for (int32_t k = 0; k < widths[channel]; k++) {
			uint64_t energy = x[starts[channel] + k];

			sum += (uint64_t)(int64_t)weights[offsets[channel] + k] * energy;
			next += (uint64_t)(int64_t)unweights[offsets[channel] + k] * energy;
		}
		if (channel > 0) {
			y[channel - 1] = sum;
		}
	}
	return 0;
}

static uint32_t zc_square_root(uint64_t x)
{
	uint32_t most = x >> 32 == 0 ? UINT16_MAX : UINT32_MAX;
	uint64_t bit = x >> 32 == 0 ? (uint64_t)1 << 30 : (uint64_t)1 << 62;
	uint64_t root = 0;

	while (bit > x) {
		bit >>= 2;
	}
	for (; bit != 0; bit >>= 2) {
		if (x >= root + bit) {
			x -= root + bit;
			root = (root >> 1) + bit;
		} else {
			root >>= 1;
		}
	}
	return (uint32_t)root + (x > root && root != most);
}

int32_t zc_signal_square_root(const uint64_t *x, const int32_t *bits, const int32_t *size,
			      uint32_t *y)
{
	for (int32_t i = 0; i < *size; i++) {
		y[i] = zc_square_root(x[i]) >> (*bits & 31);
	}
	return 0;
}

int32_t zc_signal_noise(const uint32_t *x, const uint32_t *noise, const int32_t *op, uint32_t *y)
{
	const struct zc_noise *config = (const void *)op;

	for (int32_t i = 0; i < config->channels; i++) {
		uint32_t signal = x[i] << config->smoothing_bits;
		uint64_t fresh = (uint64_t)signal * config->smoothing[i & 1];
		uint64_t kept = (uint64_t)noise[i] * config->keeping[i & 1];

		y[i] = (uint32_t)((fresh + kept) >> config->bits);
		if (config->clamps && y[i] > signal) {
			y[i] = signal;
		}
	}
	return 0;
}

int32_t zc_signal_without_noise(const uint32_t *x, const uint32_t *noise, const int32_t *op,
				uint32_t *y)
{
	const struct zc_noise *config = (const void *)op;

	for (int32_t i = 0; i < config->channels; i++) {
		uint32_t signal = x[i] << config->smoothing_bits;
		uint32_t rest = noise[i] < signal ? signal - noise[i] : 0;
		uint32_t least = (uint32_t)(((uint64_t)x[i] * config->least) >> config->bits);

		rest >>= config->smoothing_bits;
		y[i] = rest > least ? rest : least;
	}
	return 0;
}

static uint32_t zc_log_scaled(uint32_t x, uint32_t scale, const uint16_t *table)
{
	const uint32_t log_of_2 = 45426; /* 2^16 log(2) */
	int32_t whole = zc_bits_of(x) - 1;
	uint32_t rest = x - ((uint32_t)1 << whole);
	uint32_t part = whole < 16 ? rest << (16 - whole) : rest >> (whole - 16);
	uint32_t place = part >> 9;
	int32_t rise = table[place + 1] - table[place];
	uint32_t between = (uint32_t)((rise * (int32_t)(part & 511)) >> 16);
	uint32_t log2 = ((uint32_t)whole << 16) + part + table[place] + between;
	uint32_t natural = (uint32_t)(((uint64_t)log_of_2 * log2 + 32768) >> 16);

	return (scale * natural + 32768) >> 16;
}

int32_t zc_signal_log(const uint32_t *x, const int32_t *op, const uint16_t *table, int16_t *y)
{
	const struct zc_log *config = (const void *)op;

	for (int32_t i = 0; i < config->size; i++) {
		uint32_t scaled = x[i] << config->bits;
		uint32_t log = 0;

		if (scaled > 1) {
			log = zc_log_scaled(scaled, (uint32_t)config->scale, table);
		}
		y[i] = (int16_t)(log < INT16_MAX ? log : INT16_MAX);
	}
	return 0;
}

/* A parabola in each interval between powers of 2. */
static uint32_t zc_gain_of(uint32_t noise, const int16_t *table)
{
	const int16_t *piece;
	int32_t interval;
	int32_t part;
	int32_t result;

	if (noise <= 2) {
		return (uint32_t)(int32_t)table[noise];
	}
	interval = zc_bits_of(noise);
	piece = table + 4 * interval - 6;
	part = (int32_t)(interval < 11 ? noise << (11 - interval) : noise >> (interval - 11));
	part &= 1023;
	result = (piece[2] * part) >> 5;
	result += (int32_t)((uint32_t)piece[1] << 5);
	result = (int32_t)((uint32_t)result * (uint32_t)part);
	result = (int32_t)((uint32_t)result + (1U << 14)) >> 15;
	return (uint32_t)(int32_t)(int16_t)(result + piece[0]);
}

int32_t zc_signal_gain(const uint32_t *x, const uint32_t *noise, const int16_t *table,
		       const int32_t *op, uint32_t *y)
{
	const struct zc_gain *config = (const void *)op;

	for (int32_t i = 0; i < config->size; i++) {
		uint64_t product = (uint64_t)x[i] * zc_gain_of(noise[i], table);
		uint32_t ratio = (uint32_t)(product >> config->shift); /* 12 bits after the point */

		/* x^2 / 4 below 2, else x - 1; the result has 6 bits after the point */
		y[i] = ratio < 2U << 12 ? (ratio * ratio) >> 20 : (ratio >> 6) - 64;
	}
	return 0;
}
