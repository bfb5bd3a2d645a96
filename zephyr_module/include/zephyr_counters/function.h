/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief A function that a TVM RPC session can call, whatever runtime serves it.
 *
 * The functions are in functions.def, their handlers in lib/functions.
 */

#ifndef ZEPHYR_COUNTERS_FUNCTION_H_
#define ZEPHYR_COUNTERS_FUNCTION_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <zephyr_counters/sink.h>

/** Bytes, or a text that does not end with a 0. */
struct zc_span {
	const uint8_t *data;
	size_t len;
};

/** An argument; all zeros if it was left out. */
union zc_value {
	/** An integer from 0 to UINT32_MAX. */
	uintptr_t word;
	struct zc_span span;
};

/** The most arguments of a ZC_FUNCTION. */
#define ZC_FUNCTION_MAX_ARGS 4

/** What a function returns; nothing if it is left all zeros. */
struct zc_result {
	/** `number` is returned. Not together with `write`. */
	bool has_number;
	/** Also given to `write`. */
	uint32_t number;
	/**
	 * What it writes is returned, at most `max` bytes if it can say where to go on. It may be
	 * called twice, and then writes the same bytes.
	 * @return 0, or -errno with zc_error() called, the first time only
	 */
	int (*write)(struct zc_sink *sink, size_t max, uint32_t number);
	/** Bytes that `write` writes and that are left out: the host has them already. */
	uint32_t offset;
};

/**
 * @brief Handler of a function.
 * @param args as its signature in functions.def says, checked
 * @param result zeros, to be filled in
 * @return 0, or -errno with zc_error() called
 */
typedef int (*zc_function)(const union zc_value *args, struct zc_result *result);

#define ZC_FUNCTION(name, signature, handler)                                                      \
	int handler(const union zc_value *args, struct zc_result *result);
#include <zephyr_counters/functions.def>

#endif /* ZEPHYR_COUNTERS_FUNCTION_H_ */
