/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/** @file
 *  @brief What the serving thread needs of each port.
 */

#ifndef ZEPHYR_COUNTERS_PORTS_COMMON_LINK_PORT_H_
#define ZEPHYR_COUNTERS_PORTS_COMMON_LINK_PORT_H_

/**
 * @brief What else the serving thread does between two packets.
 *
 * Messages that other threads have for the host are sent here, so that they do not come into the
 * middle of another message.
 */
void zc_link_idle(void);

/** @brief Say that the link or the server could not be started, and why. */
void zc_link_failed(int err);

#endif /* ZEPHYR_COUNTERS_PORTS_COMMON_LINK_PORT_H_ */
