/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief What TVM's RPC protocol asks of a device: memory, copies, streams.
 */

#ifndef ZC_RPC_SYSCALLS_H_
#define ZC_RPC_SYSCALLS_H_

#include <stdint.h>

#include "reader.h"

/**
 * @brief Handle a packet of a code from ZC_RPC_COPY_FROM_REMOTE on.
 * @return as a zc_handler
 */
int zc_syscall(uint32_t code, struct zc_reader *packet);

#endif /* ZC_RPC_SYSCALLS_H_ */
