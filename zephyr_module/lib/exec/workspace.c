/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <errno.h>
#include <stddef.h>

#include <zephyr/sys/util.h>
#include <zephyr/toolchain.h>

#include <zephyr_counters/error.h>

#include "arguments.h"
#include "workspace.h"

#define ALIGNMENT 16U

static uint8_t *memory;
static uint32_t size;
static uint32_t used;

void zc_workspace_assign(const struct zc_layer *layer)
{
	used = 0;
	size = 0;
	if (layer->scratch != ZC_NO_TENSOR) {
		memory = zc_model.tensors[layer->scratch].data;
		size = zc_model_tensor_size(&zc_model.tensors[layer->scratch]);
	}
}

void *TVMBackendAllocWorkspace(int device_type, int device_id, uint64_t nbytes, int dtype_code_hint,
			       int dtype_bits_hint)
{
	uint32_t begin = used;
	uint32_t room = size - begin;

	ARG_UNUSED(device_type);
	ARG_UNUSED(device_id);
	ARG_UNUSED(dtype_code_hint);
	ARG_UNUSED(dtype_bits_hint);

	if (nbytes > room) {
		zc_kernel_failed(-ENOMEM);
		return NULL;
	}
	/* The padding of the last one need not fit. */
	used += MIN(((uint32_t)nbytes + ALIGNMENT - 1U) & ~(ALIGNMENT - 1U), room);
	return &memory[begin];
}

int TVMBackendFreeWorkspace(int device_type, int device_id, void *ptr)
{
	ptrdiff_t offset = (uint8_t *)ptr - memory;

	ARG_UNUSED(device_type);
	ARG_UNUSED(device_id);

	if (offset < 0 || offset > (ptrdiff_t)used) {
		return -1;
	}
	used = (uint32_t)offset;
	return 0;
}
