/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Run kernels: those of the model in its order, or one with the host's tensors.
 */

#ifndef ZC_EXEC_EXECUTOR_H_
#define ZC_EXEC_EXECUTOR_H_

#include <stddef.h>
#include <stdint.h>

#include <zephyr_counters/model.h>

#include "../rpc/reader.h"

/** @brief Find a kernel by name. @return its index, or -ENOENT */
int zc_kernel_find(const struct zc_span *name);

/** @brief Give the model's state its first values. */
void zc_state_reset(void);

/** A kernel with the host's tensors as arguments. */
struct zc_call {
	const struct zc_kernel *kernel;
	TVMFFIAny *args;
	/** As many as were asked for. */
	double *results;
	uint32_t memory;
};

/**
 * @brief Take the arguments of a call from a packet, to its end.
 * @param num_results room for results
 * @return 0 (then zc_call_free() is due); -EINVAL a tensor that does not fit the kernel's
 *         signature or lies outside of what was allocated; -ENOMEM no memory for the arguments
 */
int zc_call_prepare(struct zc_call *call, uint32_t kernel, struct zc_reader *args,
		    uint32_t num_results);
int zc_call_run(const struct zc_call *call);
void zc_call_free(const struct zc_call *call);

/** @brief Call a kernel with the arguments in a packet. @return as a zc_handler */
int zc_kernel_call(uint32_t kernel, struct zc_reader *args);

#endif /* ZC_EXEC_EXECUTOR_H_ */
