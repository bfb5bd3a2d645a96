/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <zephyr/kernel.h>

#include "crt_shim.h"

/* Of what any tensor's data may be, to vector instructions as well. */
#define ALIGNMENT 16

K_HEAP_DEFINE(crt_heap, CONFIG_ZC_CRT_HEAP_SIZE);

void *zc_crt_alloc(size_t len)
{
	return k_heap_aligned_alloc(&crt_heap, ALIGNMENT, len, K_NO_WAIT);
}

void zc_crt_free(void *memory)
{
	k_heap_free(&crt_heap, memory);
}
