/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Text to the host.
 */

#ifndef ZC_DEMO_CONSOLE_H_
#define ZC_DEMO_CONSOLE_H_

#include <stdint.h>

#include <zephyr_counters/server.h>

/** @brief Set where text goes. */
void demo_console_init(zc_server_send send, void *context);

/** @brief Send text. */
void demo_put(const char *text);

/** @brief Send a number in decimal. */
void demo_put_number(uint64_t number);

#endif /* ZC_DEMO_CONSOLE_H_ */
