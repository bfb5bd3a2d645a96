/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#ifndef DRIVERS_HWCNT_RUNTIME_STATS_ISR_H_
#define DRIVERS_HWCNT_RUNTIME_STATS_ISR_H_

#include <stdint.h>

/** @brief Cycles spent in interrupt handlers, the one that runs now left out. */
uint64_t runtime_stats_isr_cycles(void);

#endif /* DRIVERS_HWCNT_RUNTIME_STATS_ISR_H_ */
