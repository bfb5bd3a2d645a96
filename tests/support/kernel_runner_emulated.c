/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* Memory is two fixed areas: one output and one workspace are in use at a time. */

#include "emulated.h"
#include "kernel_runner.h"

static uint8_t output_area[262144] __attribute__((aligned(16)));
static uint8_t workspace_area[262144] __attribute__((aligned(16)));

uint8_t *runner_output(size_t size)
{
	return size <= sizeof(output_area) ? output_area : NULL;
}

void runner_free(uint8_t *output)
{
	(void)output;
}

void *TVMBackendAllocWorkspace(int device_type, int device_id, uint64_t nbytes, int dtype_code_hint,
			       int dtype_bits_hint)
{
	(void)device_type;
	(void)device_id;
	(void)dtype_code_hint;
	(void)dtype_bits_hint;
	return nbytes <= sizeof(workspace_area) ? workspace_area : NULL;
}

int TVMBackendFreeWorkspace(int device_type, int device_id, void *ptr)
{
	(void)device_type;
	(void)device_id;
	(void)ptr;
	return 0;
}

void runner_begin(void)
{
	emulated_begin();
}

uint32_t runner_end(void)
{
	return emulated_end();
}

void runner_print(const char *name, const char *verdict, uint32_t ticks)
{
	emulated_print(name);
	emulated_print(verdict);
	emulated_print_number(ticks);
	emulated_print("\n");
}
