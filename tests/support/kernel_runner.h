/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* What kernel_runner.c needs of the machine: one file for this one, one for emulated cores. */

#ifndef KERNEL_RUNNER_H_
#define KERNEL_RUNNER_H_

#include <stddef.h>
#include <stdint.h>

#include <zephyr_counters/ffi_abi.h>

/* An input in whose memory the output may be. */
struct kernel_over {
	DLTensor *x;
	int32_t lead; /* bytes before it at which the output then begins */
	int32_t size; /* of x, in bytes */
};

struct kernel_case {
	const char *name;
	int32_t (*call)(void *self, void *args, int32_t num_args, void *result);
	const TVMFFIAny *args;
	int32_t num_args;
	DLTensor *y;
	int32_t size; /* of y, in bytes */
	int is_float;
	const void *expected;
	const struct kernel_over *overs;
	int32_t num_overs;
};

/** @brief 16-byte aligned memory for an output. */
uint8_t *runner_output(size_t size);

/** @brief Release it. */
void runner_free(uint8_t *output);

/** @brief Begin to count. */
void runner_begin(void);

/** @brief Ticks since then. */
uint32_t runner_end(void);

/** @brief Print a line. */
void runner_print(const char *name, const char *verdict, uint32_t ticks);

#endif /* KERNEL_RUNNER_H_ */
