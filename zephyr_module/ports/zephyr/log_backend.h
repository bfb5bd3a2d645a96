/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#ifndef ZEPHYR_COUNTERS_PORTS_ZEPHYR_LOG_BACKEND_H_
#define ZEPHYR_COUNTERS_PORTS_ZEPHYR_LOG_BACKEND_H_

/** @brief Send the log lines that wait; called by the serving thread between packets. */
void zc_log_send_lines(void);

#endif /* ZEPHYR_COUNTERS_PORTS_ZEPHYR_LOG_BACKEND_H_ */
