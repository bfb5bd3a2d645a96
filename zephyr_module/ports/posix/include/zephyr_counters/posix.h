/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief What the link drivers of this port share.
 */

#ifndef ZC_POSIX_ZEPHYR_COUNTERS_POSIX_H_
#define ZC_POSIX_ZEPHYR_COUNTERS_POSIX_H_

/** @brief End the process: print `what` and the text of errno to standard error. */
void zc_posix_fail(const char *what);

/**
 * @brief Wait until a file is ready, or its other end is gone.
 *
 * The process ends here with its standard input, so that it never outlives the one that started it.
 * @param events as in poll(2): POLLIN, POLLOUT
 */
void zc_posix_wait(int file, short events);

#endif /* ZC_POSIX_ZEPHYR_COUNTERS_POSIX_H_ */
