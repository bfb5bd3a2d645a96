/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#ifndef DRIVERS_HWCNT_ARCH_NATIVE_HOST_CLOCK_HOST_H_
#define DRIVERS_HWCNT_ARCH_NATIVE_HOST_CLOCK_HOST_H_

#include <stdint.h>

/** @brief The host's CLOCK_MONOTONIC in nanoseconds. */
uint64_t host_clock_time_ns(void);

/** @brief CPU time in nanoseconds of the host's thread that runs the Zephyr thread. */
uint64_t host_clock_thread_ns(void);

#endif /* DRIVERS_HWCNT_ARCH_NATIVE_HOST_CLOCK_HOST_H_ */
