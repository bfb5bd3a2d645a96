/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* A sink that keeps a count and a CRC-32 of what goes through it, to another sink if there is one.
 */

#ifndef ZC_COUNTERS_SINK_H_
#define ZC_COUNTERS_SINK_H_

#include <zephyr_counters/counters.h>

struct zc_tap {
	struct zc_sink sink;
	struct zc_sink *next;
	size_t bytes;
	uint32_t crc;
};

void zc_tap_init(struct zc_tap *tap, struct zc_sink *next);

#endif /* ZC_COUNTERS_SINK_H_ */
