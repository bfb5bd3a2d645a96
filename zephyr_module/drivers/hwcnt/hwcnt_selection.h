/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#ifndef DRIVERS_HWCNT_HWCNT_SELECTION_H_
#define DRIVERS_HWCNT_HWCNT_SELECTION_H_

#include <zephyr/drivers/hwcnt.h>

/**
 * @brief What every driver's select() has to check first.
 * @return 0; -EINVAL unknown counter or one named twice; -ENOSPC more than the slots
 */
static inline int hwcnt_check_selection(const struct hwcnt_info *info, const uint16_t *counters,
					size_t num)
{
	size_t slots = 0;

	for (size_t i = 0; i < num; i++) {
		if (counters[i] >= info->num_counters) {
			return -EINVAL;
		}
		for (size_t j = 0; j < i; j++) {
			if (counters[j] == counters[i]) {
				return -EINVAL;
			}
		}
		if ((info->counters[counters[i]].flags & HWCNT_FIXED) == 0U) {
			slots++;
		}
	}
	return slots > info->num_slots ? -ENOSPC : 0;
}

#endif /* DRIVERS_HWCNT_HWCNT_SELECTION_H_ */
