/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Layers of a model that TVM 0.18 compiled ahead of time: what its project generates, and
 * what that calls around each operator.
 */

#ifndef ZEPHYR_COUNTERS_AOT_LAYERS_H_
#define ZEPHYR_COUNTERS_AOT_LAYERS_H_

#include <stdbool.h>
#include <stdint.h>

/** Names of the layers in the order of their calls; generated. */
extern const char *const zc_aot_layers[];
/** How many; generated. */
extern const uint32_t zc_aot_num_layers;

/** @brief Begin the next layer. @return whether it is measured, and zc_aot_layer_end() ends it */
bool zc_aot_layer_begin(void);

/** @brief End it. @param status what the operator returned, 0 if it succeeded */
void zc_aot_layer_end(int32_t status);

#endif /* ZEPHYR_COUNTERS_AOT_LAYERS_H_ */
