/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include <zephyr/sys/util.h>
#include <zephyr/toolchain.h>

#include <zephyr_counters/error.h>

#include "arena.h"
#include "refuse.h"

BUILD_ASSERT(CONFIG_ZC_MAX_TENSORS <= ZC_HANDLE_MAX_INDEX, "a handle has 12 bits for an index");
BUILD_ASSERT(CONFIG_ZC_ARENA_SIZE <= INT32_MAX, "sums of two offsets fit into 32 bits");

struct slot {
	uint32_t offset;
	/* A multiple of the alignment; 0 if the slot is free. */
	uint32_t size;
	uint32_t handle;
};

static uint8_t arena[CONFIG_ZC_ARENA_SIZE] __aligned(ZC_ARENA_ALIGNMENT);
static struct slot slots[CONFIG_ZC_MAX_TENSORS];
/* Of all allocations, so that no handle is used twice soon. */
static uint16_t generation;

int zc_arena_alloc(uint32_t size, enum zc_handle_kind kind, void **data, uint32_t *handle)
{
	uint32_t asked = size;
	uint32_t offset = 0;
	struct slot *unused = NULL;

	/* Too large is as good as just too large, and no sum below overflows. */
	size = MIN(size, (uint32_t)sizeof(arena) + 1U);
	size = (uint32_t)ROUND_UP(MAX(size, 1U), ZC_ARENA_ALIGNMENT);
	/* First fit. Every new start from the first slot is after one more of them. */
	for (size_t i = 0; i < ARRAY_SIZE(slots); i++) {
		struct slot *slot = &slots[i];

		if (slot->size == 0) {
			unused = slot;
		} else if (offset < slot->offset + slot->size && slot->offset < offset + size) {
			offset = slot->offset + slot->size;
			i = SIZE_MAX;
		}
	}
	if (unused == NULL) {
		return zc_error(-ENOMEM, ZC_ERROR_TENSORS_TOO_MANY, CONFIG_ZC_MAX_TENSORS);
	}
	if (offset + size > sizeof(arena)) {
		return zc_error(-ENOMEM, ZC_ERROR_ARENA_FULL, asked);
	}
	unused->offset = offset;
	unused->size = size;
	unused->handle = zc_handle(kind, ++generation, (uint32_t)(unused - slots));
	*data = memset(&arena[offset], 0, size);
	*handle = unused->handle;
	return 0;
}

int zc_arena_free(uintptr_t address)
{
	for (size_t i = 0; i < ARRAY_SIZE(slots); i++) {
		if (slots[i].size != 0 && address == (uintptr_t)&arena[slots[i].offset]) {
			slots[i].size = 0;
			return 0;
		}
	}
	return zc_refuse_handle();
}

static struct slot *find(uintptr_t handle)
{
	uint32_t index = zc_handle_index(handle);

	if (index >= ARRAY_SIZE(slots) || slots[index].size == 0 || handle != slots[index].handle) {
		return NULL;
	}
	return &slots[index];
}

void *zc_arena_data(uintptr_t handle)
{
	const struct slot *slot = find(handle);

	return slot == NULL ? NULL : &arena[slot->offset];
}

int zc_arena_free_handle(uintptr_t handle)
{
	struct slot *slot = find(handle);

	if (slot == NULL) {
		return zc_refuse_handle();
	}
	slot->size = 0;
	return 0;
}

void zc_arena_reset(void)
{
	memset(slots, 0, sizeof(slots));
}

int zc_arena_locate(uintptr_t address, uint32_t offset, uint32_t size, uint8_t **data)
{
	for (size_t i = 0; i < ARRAY_SIZE(slots); i++) {
		uint8_t *memory = &arena[slots[i].offset];
		/* Wraps to a large number for an address before it. */
		uintptr_t within = address - (uintptr_t)memory;

		if (within < slots[i].size && zc_handle_kind(slots[i].handle) == ZC_HANDLE_TENSOR) {
			uint32_t room = slots[i].size - (uint32_t)within;

			if (offset > room || size > room - offset) {
				break;
			}
			*data = &memory[within + offset];
			return 0;
		}
	}
	return zc_refuse(ZC_ERROR_TENSOR_OUTSIDE);
}
