/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#ifndef DRIVERS_HWCNT_ETHOS_U_PMU_H_
#define DRIVERS_HWCNT_ETHOS_U_PMU_H_

#include <stdbool.h>

struct ethosu_driver;

/** @brief Let the selected counters of this NPU count, or hold them. */
void ethos_u_pmu_count(struct ethosu_driver *npu, bool count);

#endif /* DRIVERS_HWCNT_ETHOS_U_PMU_H_ */
