/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief What stands for a function, module or tensor on the link: a checked number.
 */

#ifndef ZC_RPC_HANDLE_H_
#define ZC_RPC_HANDLE_H_

#include <stdint.h>

/* Bits 28-31 kind, 12-27 generation, 0-11 index. 0 is no handle. */
#define ZC_HANDLE_MAX_INDEX 0xfffU

enum zc_handle_kind {
	/* The indices of kernels continue after those of the functions. */
	ZC_HANDLE_FUNCTION = 1,
	ZC_HANDLE_SYSTEM_LIB = 2,
	/* From here on they are the arena's. */
	ZC_HANDLE_EVALUATOR = 3,
	ZC_HANDLE_TENSOR = 4,
	/* The arguments of a call that is under way; never sent. */
	ZC_HANDLE_CALL = 5,
};

/** @param generation tells apart the users of a slot; 0 for what is never freed */
static inline uint32_t zc_handle(enum zc_handle_kind kind, uint16_t generation, uint32_t index)
{
	return ((uint32_t)kind << 28) | ((uint32_t)generation << 12) | index;
}

/** @return a kind, or a number that is none */
static inline uintptr_t zc_handle_kind(uintptr_t handle)
{
	return handle >> 28;
}

static inline uint32_t zc_handle_index(uintptr_t handle)
{
	return (uint32_t)handle & ZC_HANDLE_MAX_INDEX;
}

#endif /* ZC_RPC_HANDLE_H_ */
