/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* Handing records out. */

#ifndef ZC_COUNTERS_RECORDS_H_
#define ZC_COUNTERS_RECORDS_H_

#include "internal.h"

struct zc_taking {
	/* Records lost since the last blob that arrived. */
	uint32_t dropped;
	/* What the last blob held, to be forgotten when it has arrived; records in bytes. */
	uint32_t written;
	uint32_t written_dropped;
};

extern struct zc_taking zc_taking;

#endif /* ZC_COUNTERS_RECORDS_H_ */
