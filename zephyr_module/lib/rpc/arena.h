/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Memory for the host's tensors and time evaluators, and the table that every address and
 *        handle of them that the link brings is checked against.
 */

#ifndef ZC_RPC_ARENA_H_
#define ZC_RPC_ARENA_H_

#include <stdint.h>

#include "handle.h"

#define ZC_ARENA_ALIGNMENT 16U

/**
 * @brief Allocate zeroed memory, aligned to ZC_ARENA_ALIGNMENT.
 * @param kind ZC_HANDLE_TENSOR; with any other the host cannot reach it by its address
 * @param handle by which it can be freed, out
 * @return 0, or -ENOMEM
 */
int zc_arena_alloc(uint32_t size, enum zc_handle_kind kind, void **data, uint32_t *handle);

/** @brief Free what begins at an address. @return 0, or -EINVAL if nothing does */
int zc_arena_free(uintptr_t address);

/** @brief What a handle stands for. @return NULL if it is not one or is freed already */
void *zc_arena_data(uintptr_t handle);

/** @brief Free by handle. @return 0, or -EINVAL if it is not one or is freed already */
int zc_arena_free_handle(uintptr_t handle);

/** @brief Free all. */
void zc_arena_reset(void);

/**
 * @brief Turn an address and an offset from the link into a pointer.
 * @return 0, or -EINVAL if not all of `size` bytes are in one allocation
 */
int zc_arena_locate(uintptr_t address, uint32_t offset, uint32_t size, uint8_t **data);

#endif /* ZC_RPC_ARENA_H_ */
