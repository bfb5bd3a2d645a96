/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * Runs kernels, each on one operator, and compares what they write. cases.h, made by
 * kernel_program.py, has them in a table. Prints "NAME ok TICKS", or what is wrong.
 */

#include <stddef.h>
#include <string.h>

#include "cases.h"
#include "kernel_runner.h"

#define GUARD 0x55

static int failure;

void zc_kernel_failed(int err)
{
	failure = err;
}

/* Relative to the largest magnitude that inputs have; fused additions round differently. */
static int is_near(const float *a, const float *b, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		float difference = a[i] - b[i];
		float most = 1e-4f + 1e-5f * (b[i] < 0.0f ? -b[i] : b[i]);

		if (!(difference <= most && -difference <= most)) {
			return 0;
		}
	}
	return 1;
}

static const char *verdict(const struct kernel_case *item, const uint8_t *y)
{
	size_t size = (size_t)item->size;

	if (failure != 0) {
		return " failed ";
	}
	if (y[size] != GUARD) {
		return " overrun ";
	}
	if (item->is_float) {
		return is_near((const void *)y, item->expected, size / 4U) ? " ok " : " differs ";
	}
	return memcmp(y, item->expected, size) == 0 ? " ok " : " differs ";
}

int main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct kernel_case *item = &cases[i];
		TVMFFIAny result = {.type_index = TVM_FFI_NONE};
		uint8_t *y = runner_output((size_t)item->size + 1U);
		uint32_t ticks;

		memset(y, GUARD, (size_t)item->size + 1U);
		item->y->data = y;
		failure = 0;
		runner_begin();
		if (item->call(NULL, (void *)item->args, item->num_args, &result) != 0) {
			failure = 1;
		}
		ticks = runner_end();
		runner_print(item->name, verdict(item, y), ticks);
		runner_free(y);
	}
	return 0;
}
