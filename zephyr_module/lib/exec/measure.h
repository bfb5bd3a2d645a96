/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Run something as a region of its own.
 */

#ifndef ZC_EXEC_MEASURE_H_
#define ZC_EXEC_MEASURE_H_

#include <stdint.h>

#include <zephyr_counters/counters.h>

/** What to run, and what its record says. */
struct zc_measured {
	int (*run)(const void *context);
	const void *context;
	uint32_t tag;
	enum zc_origin origin;
};

/**
 * @brief Run it between zc_counters_begin() and zc_counters_end().
 *
 * If it fails its record says so. A record that finds no room is no error: it is counted as
 * dropped, and the next blob says so.
 * @param ticks duration out, or NULL
 * @return what it returned, or the error of beginning or ending
 */
int zc_measure(const struct zc_measured *measured, uint16_t repetition, uint64_t *ticks);

#endif /* ZC_EXEC_MEASURE_H_ */
