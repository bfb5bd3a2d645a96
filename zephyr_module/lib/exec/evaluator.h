/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Measure one kernel many times, as TVM's time_evaluator asks for.
 */

#ifndef ZC_EXEC_EVALUATOR_H_
#define ZC_EXEC_EVALUATOR_H_

#include <stdint.h>

#include "../rpc/reader.h"

/**
 * @brief Call an evaluator by its handle: returns the mean seconds per call of each repetition.
 * @return as a zc_handler
 */
int zc_evaluator_call(uintptr_t handle, struct zc_reader *args);

#endif /* ZC_EXEC_EVALUATOR_H_ */
