/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * Included before all of the port's clock: a core of 32 bits, whose cycle counter the test moves,
 * and a kernel's clock of 32,768 Hz, as on Nordic's.
 */

#ifndef FAKE_CORE_H_
#define FAKE_CORE_H_

#include <zephyr/kernel.h>
#include <zephyr/sys/sys_io.h>

uint32_t fake_read32(mem_addr_t address);
uint32_t fake_rtc(void);

#undef CONFIG_TIMER_HAS_64BIT_CYCLE_COUNTER
#undef CONFIG_64BIT
#undef sys_clock_hw_cycles_per_sec
#define sys_read32                    fake_read32
#define k_cycle_get_32                fake_rtc
#define sys_clock_hw_cycles_per_sec() 32768

#endif /* FAKE_CORE_H_ */
