/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <errno.h>
#include <string.h>

#include <zephyr/sys/util.h>
#include <zephyr/toolchain.h>

#include <zephyr_counters/error.h>

#include "arena.h"
#include "handle.h"
#include "refuse.h"

#define NO_ROOM "no room for a tensor of this many bytes"

BUILD_ASSERT(CONFIG_ZC_MAX_TENSORS <= ZC_HANDLE_MAX_INDEX, "a handle has 12 bits for an index");
BUILD_ASSERT(CONFIG_ZC_ARENA_SIZE <= INT32_MAX, "sums of two offsets fit into 32 bits");

struct slot {
	uint32_t offset;
	/* A multiple of the alignment; 0 if the slot is free. */
	uint32_t size;
	uint16_t generation;
};

static uint8_t arena[CONFIG_ZC_ARENA_SIZE] __aligned(ZC_ARENA_ALIGNMENT);
static struct slot slots[CONFIG_ZC_MAX_TENSORS];

int zc_arena_alloc(uint32_t size, void **data, uint32_t *handle)
{
	uint32_t offset = 0;
	struct slot *unused = NULL;

	if (size > sizeof(arena)) {
		return zc_error_num(-ENOMEM, NO_ROOM, size);
	}
	size = (uint32_t)ROUND_UP(MAX(size, 1U), ZC_ARENA_ALIGNMENT);
	/* First fit. Every start from the first slot again is behind one more of them. */
	for (size_t i = 0; i < ARRAY_SIZE(slots); i++) {
		struct slot *slot = &slots[i];

		if (slot->size == 0) {
			unused = slot;
		} else if (offset < slot->offset + slot->size && slot->offset < offset + size) {
			offset = slot->offset + slot->size;
			i = SIZE_MAX;
		}
	}
	if (unused == NULL || offset + size > sizeof(arena)) {
		return zc_error_num(-ENOMEM, NO_ROOM, size);
	}
	unused->offset = offset;
	unused->size = size;
	unused->generation++;
	*data = memset(&arena[offset], 0, size);
	*handle = zc_handle(ZC_HANDLE_TENSOR, unused->generation, (uint32_t)(unused - slots));
	return 0;
}

int zc_arena_free(uintptr_t address)
{
	uintptr_t offset = address - (uintptr_t)arena;

	for (size_t i = 0; i < ARRAY_SIZE(slots); i++) {
		if (slots[i].size != 0 && slots[i].offset == offset) {
			slots[i].size = 0;
			return 0;
		}
	}
	return zc_refuse("no tensor begins at this address");
}

int zc_arena_free_handle(uintptr_t handle)
{
	uint32_t index = zc_handle_index(handle);

	if (index >= ARRAY_SIZE(slots) || slots[index].size == 0 ||
	    handle != zc_handle(ZC_HANDLE_TENSOR, slots[index].generation, index)) {
		return zc_refuse_handle();
	}
	slots[index].size = 0;
	return 0;
}

void zc_arena_reset(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(slots); i++) {
		slots[i].size = 0;
	}
}

int zc_arena_locate(uintptr_t address, uint32_t offset, uint32_t size, uint8_t **data)
{
	for (size_t i = 0; i < ARRAY_SIZE(slots); i++) {
		/* Of the address within the slot; wraps to a large number for one before it. */
		uintptr_t within = address - (uintptr_t)&arena[slots[i].offset];

		if (within < slots[i].size) {
			uint32_t room = slots[i].size - (uint32_t)within;

			if (offset > room || size > room - offset) {
				break;
			}
			*data = &arena[slots[i].offset + within + offset];
			return 0;
		}
	}
	return zc_refuse("tensor outside of the memory allocated for it");
}
