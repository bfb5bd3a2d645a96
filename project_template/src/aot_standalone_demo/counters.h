/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief The counters around an inference.
 */

#ifndef ZC_DEMO_COUNTERS_H_
#define ZC_DEMO_COUNTERS_H_

#include <stdint.h>

/** @brief Select all counters that fit, show which providers cannot count, begin the region. */
void demo_counters_begin(void);

/** @brief End the region. @return its duration in ticks of zc_port_clock() */
uint64_t demo_counters_end(void);

/**
 * @brief Send the region's values, a line each, and stop counting.
 *
 *     hwcnt:PROVIDER:COUNTER:VALUE:UNIT[:DOUBT]
 *
 * DOUBT is `stuck` if the counter should advance and does not, `wrapped` if it may have wrapped
 * more than once. A value includes the cost of measuring.
 */
void demo_counters_show(void);

#endif /* ZC_DEMO_COUNTERS_H_ */
