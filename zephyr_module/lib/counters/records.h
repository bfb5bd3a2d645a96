/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* The record buffer, as the blob's writer sees it. */

#ifndef ZC_COUNTERS_RECORDS_H_
#define ZC_COUNTERS_RECORDS_H_

#include "internal.h"

struct zc_records {
	uint32_t num;
	/* Records lost since the last blob that arrived. */
	uint32_t dropped;
	/* What the last blob told, to be forgotten when it has arrived. */
	uint32_t written;
	uint32_t written_dropped;
};

extern struct zc_records zc_records;

/* The record behind this one, or the oldest if NULL; there are zc_records.num of them. */
struct zc_record *zc_records_next(const struct zc_record *record);

#endif /* ZC_COUNTERS_RECORDS_H_ */
