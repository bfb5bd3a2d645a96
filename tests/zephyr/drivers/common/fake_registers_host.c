/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* Runs in the host's context of native_sim, with the host's C library. */

#define _GNU_SOURCE
#include <sys/mman.h>

#include "fake_registers.h"

int fake_registers_map(uintptr_t address, size_t size)
{
	void *wanted = (void *)address;
	void *got = mmap(wanted, size, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	return got == wanted ? 0 : -1;
}
