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

/**
 * @brief Take the arguments of a call from a packet, to its end. They last until the next call.
 * @return 0; -EINVAL a tensor that does not fit the kernel's signature or lies outside of what was
 *         allocated
 */
int zc_call_prepare(uint32_t kernel, struct zc_reader *args);

/**
 * @brief Call a kernel with the arguments that zc_call_prepare() took.
 *
 * Its scratch memory is that of a layer, so the outputs of the last run may be lost.
 */
int zc_call_run(uint32_t kernel);

/** @brief Call a kernel with the arguments in a packet. @return as a zc_handler */
int zc_kernel_call(uint32_t kernel, struct zc_reader *args);

#endif /* ZC_EXEC_EXECUTOR_H_ */
