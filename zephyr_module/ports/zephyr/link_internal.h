/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Between the link, the log and the fatal error handler.
 */

#ifndef ZEPHYR_COUNTERS_PORTS_ZEPHYR_LINK_INTERNAL_H_
#define ZEPHYR_COUNTERS_PORTS_ZEPHYR_LINK_INTERNAL_H_

#include <zephyr/toolchain.h>

/** @brief Have the serving thread look for log lines. */
void zc_link_wake(void);

/** @brief From now on send without interrupts and threads; what waits is sent first. */
void zc_link_panic(void);

#ifdef CONFIG_ZC_LOG_BACKEND
/** @brief Send the log lines that wait; called by the serving thread between packets. */
void zc_log_send_lines(void);
#else
static inline void zc_log_send_lines(void)
{
}
#endif

#endif /* ZEPHYR_COUNTERS_PORTS_ZEPHYR_LINK_INTERNAL_H_ */
