/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief The arguments of the next call of a kernel, zc_model.args, from the plan's tables.
 */

#ifndef ZC_EXEC_ARGUMENTS_H_
#define ZC_EXEC_ARGUMENTS_H_

#include <stdint.h>

#include <zephyr_counters/model.h>

/** @brief Point an argument to a tensor's elements. */
void zc_argument_set(uint32_t index, void *data);

/** @brief Point all arguments of a layer's kernel to the layer's tensors. */
void zc_arguments_of(const struct zc_layer *layer);

/** @brief A tensor's size in bytes. */
uint32_t zc_model_tensor_size(const struct zc_model_tensor *tensor);

#endif /* ZC_EXEC_ARGUMENTS_H_ */
