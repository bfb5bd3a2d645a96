/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <errno.h>
#include <stddef.h>

#include <zephyr/sys/util.h>
#include <zephyr/toolchain.h>

#include <zephyr_counters/error.h>
#include <zephyr_counters/model.h>

#include "workspace.h"

#define ALIGNMENT 16U

static uint32_t used;

void zc_workspace_reset(void)
{
	used = 0;
}

void *TVMBackendAllocWorkspace(int device_type, int device_id, uint64_t nbytes, int dtype_code_hint,
			       int dtype_bits_hint)
{
	uint32_t begin = used;
	uint32_t room = zc_model.workspace_size - begin;

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
	return &zc_model.workspace[begin];
}

int TVMBackendFreeWorkspace(int device_type, int device_id, void *ptr)
{
	ptrdiff_t offset = (uint8_t *)ptr - zc_model.workspace;

	ARG_UNUSED(device_type);
	ARG_UNUSED(device_id);

	if (offset < 0 || offset > (ptrdiff_t)used) {
		return -1;
	}
	used = (uint32_t)offset;
	return 0;
}
