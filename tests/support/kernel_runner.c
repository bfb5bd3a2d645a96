/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * Runs kernels, each on one operator, and compares what they write; then again for each input in
 * whose memory the output may be. cases.h, made by kernel_program.py, has them in a table. Prints
 * "NAME ok TICKS", or what is wrong.
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

static void call(const struct kernel_case *item, uint8_t *y)
{
	TVMFFIAny result = {.type_index = TVM_FFI_NONE};

	item->y->data = y;
	failure = 0;
	if (item->call(NULL, (void *)item->args, item->num_args, &result) != 0) {
		failure = 1;
	}
}

static int is_right(const struct kernel_case *item, const uint8_t *y)
{
	size_t size = (size_t)item->size;

	if (item->is_float) {
		return is_near((const void *)y, item->expected, size / 4U);
	}
	return memcmp(y, item->expected, size) == 0;
}

static const char *verdict(const struct kernel_case *item, const uint8_t *y)
{
	if (failure != 0) {
		return " failed ";
	}
	if (y[item->size] != GUARD) {
		return " overrun ";
	}
	return is_right(item, y) ? " ok " : " differs ";
}

/* With the output in the memory of an input. */
static int is_right_over(const struct kernel_case *item, const struct kernel_over *over)
{
	size_t size = (size_t)(over->lead + over->size);
	uint8_t *memory = runner_output(size > (size_t)item->size ? size : (size_t)item->size);
	void *x = over->x->data;
	int right;

	memcpy(memory + over->lead, x, (size_t)over->size);
	over->x->data = memory + over->lead;
	call(item, memory);
	right = failure == 0 && is_right(item, memory);
	over->x->data = x;
	runner_free(memory);
	return right;
}

int main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct kernel_case *item = &cases[i];
		uint8_t *y = runner_output((size_t)item->size + 1U);
		const char *found;
		uint32_t ticks;

		memset(y, GUARD, (size_t)item->size + 1U);
		runner_begin();
		call(item, y);
		ticks = runner_end();
		found = verdict(item, y);
		runner_free(y);
		for (int32_t over = 0; over < item->num_overs; over++) {
			if (!is_right_over(item, &item->overs[over])) {
				found = " differs-in-place ";
			}
		}
		runner_print(item->name, found, ticks);
	}
	return 0;
}
