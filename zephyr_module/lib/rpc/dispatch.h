/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Find and call the functions of functions.def and the model's kernels, by handle.
 */

#ifndef ZC_RPC_DISPATCH_H_
#define ZC_RPC_DISPATCH_H_

#include <stdint.h>

#include "reader.h"

/** @brief Find a function or kernel by name. @return its handle, 0 if there is none */
uint32_t zc_function_find(const struct zc_span *name);

/** @brief Call by handle, with the rest of the packet as arguments. @return as a zc_handler */
int zc_function_call(uintptr_t handle, struct zc_reader *packet);

/** @brief Free any handle. @return 0, or -EINVAL if it is invalid or freed already */
int zc_handle_free(uintptr_t handle);

#endif /* ZC_RPC_DISPATCH_H_ */
