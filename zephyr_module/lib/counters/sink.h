/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* Sinks that stand before another one, or alone. */

#ifndef ZC_COUNTERS_SINK_H_
#define ZC_COUNTERS_SINK_H_

#include <zephyr_counters/counters.h>

/* Counts the bytes and drops them. */
struct zc_count_sink {
	struct zc_sink sink;
	size_t bytes;
};

/* Hands the bytes on, to nobody if `next` is NULL, and keeps their CRC-32. */
struct zc_crc_sink {
	struct zc_sink sink;
	struct zc_sink *next;
	uint32_t crc;
};

void zc_count_sink_init(struct zc_count_sink *count);
void zc_crc_sink_init(struct zc_crc_sink *crc, struct zc_sink *next);

#endif /* ZC_COUNTERS_SINK_H_ */
