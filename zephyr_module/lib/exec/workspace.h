/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief The kernels' scratch memory: that of a layer, as a stack.
 */

#ifndef ZC_EXEC_WORKSPACE_H_
#define ZC_EXEC_WORKSPACE_H_

#include <zephyr_counters/model.h>

/** @brief Give out a layer's scratch memory from now on, and all of it. */
void zc_workspace_assign(const struct zc_layer *layer);

#endif /* ZC_EXEC_WORKSPACE_H_ */
