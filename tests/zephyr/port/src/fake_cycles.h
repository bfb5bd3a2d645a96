/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* Included before all of the port's clock: 32 bits, and a cycle counter of as many, which the test
 * counts. */

#ifndef FAKE_CYCLES_H_
#define FAKE_CYCLES_H_

#include <zephyr/kernel.h>

uint32_t fake_cycle_get_32(void);

#undef CONFIG_TIMER_HAS_64BIT_CYCLE_COUNTER
#undef CONFIG_64BIT
#define k_cycle_get_32 fake_cycle_get_32

#endif /* FAKE_CYCLES_H_ */
