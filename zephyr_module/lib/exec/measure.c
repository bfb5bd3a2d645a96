/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <errno.h>

#include "measure.h"

int zc_measure(const struct zc_measured *measured, uint16_t repetition, uint64_t *ticks)
{
	int err = zc_counters_begin(measured->tag, measured->origin, repetition);
	int end_err;

	if (err != 0) {
		return err;
	}
	err = measured->run(measured->context);
	end_err = zc_counters_end(err == 0 ? 0 : ZC_RECORD_UNFINISHED, ticks);
	return err != 0 || end_err == -ENOBUFS ? err : end_err;
}
