/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief The stream between the server and the host.
 */

#ifndef ZEPHYR_COUNTERS_LINK_H_
#define ZEPHYR_COUNTERS_LINK_H_

/**
 * @brief Open the link, start the server on it and serve for ever.
 * @return -errno if the link cannot be opened; does not return otherwise
 */
int zc_link_serve(void);

#endif /* ZEPHYR_COUNTERS_LINK_H_ */
