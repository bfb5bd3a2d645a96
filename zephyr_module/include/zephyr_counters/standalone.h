/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Counters for a firmware without a host: select all that fit, and look at a region's
 * values.
 *
 * Regions are begun and ended with zephyr_counters/counters.h.
 */

#ifndef ZEPHYR_COUNTERS_STANDALONE_H_
#define ZEPHYR_COUNTERS_STANDALONE_H_

#include <stdbool.h>
#include <stdint.h>

#include <zephyr/drivers/hwcnt.h>

/** What a counter measured in a region; the cost of measuring is part of it. */
struct zc_region_value {
	const struct device *provider;
	const struct hwcnt_counter *counter;
	/** A difference, or with HWCNT_LEVEL the level at the region's end. */
	uint64_t value;
	/** The counter should advance whenever the CPU runs, and does not. */
	bool stuck;
	/** The region lasted as long as the counter takes to wrap at its fastest, or longer. */
	bool wrapped;
};

/**
 * @brief Select as many counters of each provider as fit into its slots.
 *
 * In the order of the provider's table; without opaque bytes, and without those that are
 * HWCNT_EXPENSIVE.
 * @param refused called with each provider of which no counter is selected, and why
 * @return as zc_counters_select()
 */
int zc_counters_select_all(void (*refused)(const struct device *dev, const char *why));

/**
 * @brief Look at the values of the record that is last, and forget all records.
 * @param show called for each counter selected; not at all if there is no record
 */
void zc_counters_show_last(void (*show)(const struct zc_region_value *value));

#endif /* ZEPHYR_COUNTERS_STANDALONE_H_ */
