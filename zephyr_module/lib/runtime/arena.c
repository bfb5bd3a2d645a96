/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <zephyr/sys/util.h>
#include <zephyr/toolchain.h>

#include <zephyr_counters/error.h>

#include "arena.h"
#include "handle.h"

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

static struct slot *overlapping(uint32_t offset, uint32_t size)
{
	for (size_t i = 0; i < ARRAY_SIZE(slots); i++) {
		struct slot *slot = &slots[i];

		if (slot->size != 0 && offset < slot->offset + slot->size &&
		    slot->offset < offset + size) {
			return slot;
		}
	}
	return NULL;
}

/* First fit. Each step passes an allocation, so there are no more steps than slots. */
static int place(uint32_t size, uint32_t *offset)
{
	const struct slot *taken;

	*offset = 0;
	do {
		if (*offset + size > sizeof(arena)) {
			return zc_error_num(-ENOMEM, "tensor memory is full, no room for", size);
		}
		taken = overlapping(*offset, size);
		if (taken != NULL) {
			*offset = taken->offset + taken->size;
		}
	} while (taken != NULL);
	return 0;
}

int zc_arena_alloc(uint32_t size, void **data, uint64_t *handle)
{
	struct slot *slot = NULL;
	uint32_t offset;
	int err;

	for (size_t i = 0; slot == NULL && i < ARRAY_SIZE(slots); i++) {
		slot = slots[i].size == 0 ? &slots[i] : NULL;
	}
	if (slot == NULL) {
		return zc_error_num(-ENOMEM, "more tensors than", ARRAY_SIZE(slots));
	}
	if (size > sizeof(arena)) {
		return zc_error_num(-ENOMEM, "more bytes than all tensor memory", sizeof(arena));
	}
	size = ROUND_UP(MAX(size, 1U), ZC_ARENA_ALIGNMENT);
	err = place(size, &offset);
	if (err != 0) {
		return err;
	}
	slot->offset = offset;
	slot->size = size;
	slot->generation++;
	*data = memset(&arena[offset], 0, size);
	*handle = zc_handle(ZC_HANDLE_TENSOR, slot->generation, (uint32_t)(slot - slots));
	return 0;
}

int zc_arena_free(uint64_t address)
{
	uint32_t offset = zc_arena_offset(address);

	for (size_t i = 0; i < ARRAY_SIZE(slots); i++) {
		if (slots[i].size != 0 && slots[i].offset == offset) {
			slots[i].size = 0;
			return 0;
		}
	}
	return zc_error(-EINVAL, "no tensor begins at this address", NULL, 0);
}

int zc_arena_free_handle(uint64_t handle)
{
	uint32_t index = zc_handle_index(handle);

	if (index >= ARRAY_SIZE(slots) || slots[index].size == 0 ||
	    handle != zc_handle(ZC_HANDLE_TENSOR, slots[index].generation, index)) {
		return zc_error_invalid_handle();
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

uint32_t zc_arena_offset(uint64_t address)
{
	uint64_t offset = address - (uintptr_t)arena;

	return offset < sizeof(arena) ? (uint32_t)offset : UINT32_MAX;
}

int zc_arena_locate(uint32_t begin, uint32_t offset, uint32_t size, uint8_t **data)
{
	for (size_t i = 0; i < ARRAY_SIZE(slots); i++) {
		uint32_t within = begin - slots[i].offset;

		if (begin < slots[i].offset || within >= slots[i].size) {
			continue;
		}
		if (offset > slots[i].size - within || size > slots[i].size - within - offset) {
			break;
		}
		*data = &arena[begin + offset];
		return 0;
	}
	return zc_error(-EINVAL, "tensor outside of the memory allocated for it", NULL, 0);
}
