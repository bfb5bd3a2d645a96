/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief A model that runs by itself: what its console and its counters know of each other.
 */

#ifndef ZC_DEMO_H_
#define ZC_DEMO_H_

#include <stdint.h>

/** @brief Send text to the host. */
void demo_put(const char *text);

/** @brief Send a number in decimal. */
void demo_put_number(uint64_t number);

/** @brief Let all counters count that fit into the slots; say which providers cannot. */
void demo_counters_start(void);

/** @brief Begin the region. */
void demo_counters_begin(void);

/** @brief End it. @return its duration in ticks of zc_port_clock() */
uint64_t demo_counters_end(void);

/**
 * @brief Send the region's values, a line each, and stop counting.
 *
 *     hwcnt:PROVIDER:COUNTER:VALUE:UNIT[:DOUBT]
 *
 * DOUBT is `stuck` if the counter should have advanced and did not, `wrapped` if it may have
 * wrapped more than once.
 */
void demo_counters_show(void);

#endif /* ZC_DEMO_H_ */
