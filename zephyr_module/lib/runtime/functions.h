/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief The functions that a TVM RPC session can call, and what it calls them by.
 */

#ifndef ZC_RUNTIME_FUNCTIONS_H_
#define ZC_RUNTIME_FUNCTIONS_H_

#include <stdint.h>

#include "reader.h"

/**
 * @brief Does what a packet asks for.
 * @param args as the handler's format says
 * @param rest what the format left unread
 * @return ZC_ANSWERED; 0 it is done and has no result, which is for the caller to say; or -errno
 */
typedef int (*zc_handler)(const union zc_arg *args, struct zc_reader *rest);

/** @brief Find a function or kernel by name. @return its handle, 0 if there is none */
uint32_t zc_function_find(const struct zc_span *name);

/** @brief Call by handle, with the rest of the packet as arguments. @return as a zc_handler */
int zc_function_call(uintptr_t handle, struct zc_reader *packet);

/** @brief Free any handle. @return 0, or -EINVAL if it is not one or is freed already */
int zc_handle_free(uintptr_t handle);

#endif /* ZC_RUNTIME_FUNCTIONS_H_ */
