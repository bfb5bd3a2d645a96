/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* Calls of the host's C library; under native_sim they run in the host's context. */

#ifndef DRIVERS_HWCNT_HOST_CLOCK_CLOCKS_H_
#define DRIVERS_HWCNT_HOST_CLOCK_CLOCKS_H_

#include <stdint.h>

/** @brief The host's CLOCK_MONOTONIC in nanoseconds. */
uint64_t host_clock_time_ns(void);

/** @brief CPU time of the calling thread of the host, CLOCK_THREAD_CPUTIME_ID, in nanoseconds. */
uint64_t host_clock_thread_ns(void);

#endif /* DRIVERS_HWCNT_HOST_CLOCK_CLOCKS_H_ */
