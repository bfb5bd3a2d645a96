/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* Memory comes from malloc() in the sizes asked for, so that sanitizers see its ends. */

#include <stdio.h>
#include <stdlib.h>

#include "kernel_runner.h"

uint8_t *runner_output(size_t size)
{
	return malloc(size);
}

void runner_free(uint8_t *output)
{
	free(output);
}

void *TVMBackendAllocWorkspace(int device_type, int device_id, uint64_t nbytes, int dtype_code_hint,
			       int dtype_bits_hint)
{
	(void)device_type;
	(void)device_id;
	(void)dtype_code_hint;
	(void)dtype_bits_hint;
	return malloc((size_t)nbytes);
}

int TVMBackendFreeWorkspace(int device_type, int device_id, void *ptr)
{
	(void)device_type;
	(void)device_id;
	free(ptr);
	return 0;
}

void runner_begin(void)
{
}

uint32_t runner_end(void)
{
	return 0;
}

void runner_print(const char *name, const char *verdict, uint32_t ticks)
{
	printf("%s%s%u\n", name, verdict, (unsigned int)ticks);
}
