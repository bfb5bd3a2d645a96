/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* The selection of a provider whose counters always count and need no slots. */

#ifndef ZC_POSIX_PROVIDERS_FIXED_H_
#define ZC_POSIX_PROVIDERS_FIXED_H_

#include <stddef.h>
#include <stdint.h>

#define ZC_FIXED_MAX 16

struct zc_fixed_selection {
	uint16_t counters[ZC_FIXED_MAX];
	size_t num;
};

/* As hwcnt_driver_api.select, of at most ZC_FIXED_MAX counters. */
static inline int zc_fixed_select(struct zc_fixed_selection *selection, const uint16_t *counters,
				  size_t num)
{
	for (size_t i = 0; i < num; i++) {
		selection->counters[i] = counters[i];
	}
	selection->num = num;
	return 0;
}

#endif /* ZC_POSIX_PROVIDERS_FIXED_H_ */
