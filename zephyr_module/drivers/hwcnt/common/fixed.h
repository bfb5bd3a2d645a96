/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* For providers whose counters all count always and need no slots: data is the selection. */

#ifndef DRIVERS_HWCNT_COMMON_FIXED_H_
#define DRIVERS_HWCNT_COMMON_FIXED_H_

#include <zephyr/drivers/hwcnt.h>

/** At most so many counters. */
#define HWCNT_FIXED_MAX 16

/** The device's data. */
struct hwcnt_fixed_selection {
	uint16_t counters[HWCNT_FIXED_MAX];
	size_t num;
};

/** @brief hwcnt_driver_api.select */
static inline int hwcnt_fixed_select(const struct device *dev, const uint16_t *counters, size_t num)
{
	struct hwcnt_fixed_selection *selection = dev->data;

	for (size_t i = 0; i < num; i++) {
		selection->counters[i] = counters[i];
	}
	selection->num = num;
	return 0;
}

#endif /* DRIVERS_HWCNT_COMMON_FIXED_H_ */
