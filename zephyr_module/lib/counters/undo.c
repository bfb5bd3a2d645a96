/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* Kept out of the measured path: who undoes has the time to look for the record. */

#include "internal.h"

void zc_counters_undo(void)
{
	struct zc_record *record = zc_records_first();

	while (record < zc_recorder.record) {
		struct zc_record *next = zc_records_next(record);

		if (next == zc_recorder.record) {
			zc_recorder.record = record;
		}
		record = next;
	}
}
