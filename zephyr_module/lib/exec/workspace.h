/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief The kernels' scratch memory, zc_model.workspace as a stack.
 */

#ifndef ZC_EXEC_WORKSPACE_H_
#define ZC_EXEC_WORKSPACE_H_

/** @brief Free all: a kernel that fails may not have freed its own. */
void zc_workspace_reset(void);

#endif /* ZC_EXEC_WORKSPACE_H_ */
