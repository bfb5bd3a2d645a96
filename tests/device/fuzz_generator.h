/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* Writes packets that are nearly right. */

#ifndef FUZZ_GENERATOR_H_
#define FUZZ_GENERATOR_H_

#include <stddef.h>
#include <stdint.h>

#define FUZZ_MAX_PACKET 2048
#define FUZZ_KNOWN      8

/** @brief Write packets as `data` chooses, and send them with fuzz_send_packet(). */
void fuzz_generate(const uint8_t *data, size_t size);

/* Of fuzz_server.c. */

void fuzz_send_packet(const uint8_t *packet, size_t len);

/** @brief Send, and return what the server returned instead of making it known. */
uint64_t fuzz_send_and_forget(const uint8_t *packet, size_t len);

/** @brief A handle or address that the server returned. */
uint64_t fuzz_known(size_t index);

#endif /* FUZZ_GENERATOR_H_ */
