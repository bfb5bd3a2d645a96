/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Where a writer puts its bytes.
 */

#ifndef ZEPHYR_COUNTERS_SINK_H_
#define ZEPHYR_COUNTERS_SINK_H_

#include <stddef.h>
#include <stdint.h>

/** Takes the bytes of one item in order; called any number of times. */
struct zc_sink {
	void (*write)(struct zc_sink *sink, const uint8_t *data, size_t len);
};

#endif /* ZEPHYR_COUNTERS_SINK_H_ */
