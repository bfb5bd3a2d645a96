/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief The TVM RPC server: bytes from the link in, bytes to the link out.
 */

#ifndef ZEPHYR_COUNTERS_SERVER_H_
#define ZEPHYR_COUNTERS_SERVER_H_

#include <stddef.h>
#include <stdint.h>

/** Sends all of `data`; waits where it must. */
typedef void (*zc_server_send)(void *context, const uint8_t *data, size_t len);

/** @brief Start, and tell the other end that any session before is over. @return 0 or -errno */
int zc_server_init(zc_server_send send, void *context);

/** @brief Take bytes as they came from the link, any number; runs what they ask for. */
void zc_server_receive(const uint8_t *data, size_t len);

/** @brief Send a line to the host's log. */
void zc_server_log(const char *text);

#endif /* ZEPHYR_COUNTERS_SERVER_H_ */
