/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Measure one kernel many times, as TVM's time_evaluator asks for.
 */

#ifndef ZC_RUNTIME_EVALUATOR_H_
#define ZC_RUNTIME_EVALUATOR_H_

#include <stdint.h>

#include "reader.h"

/** @brief Handler of model.profile_function: measure a kernel. */
int zc_kernel_profile(const union zc_arg *args, struct zc_reader *rest);

/** @brief Handler of runtime.RPCTimeEvaluator: returns a handle of the arena. */
int zc_evaluator_create(const union zc_arg *args, struct zc_reader *rest);

/**
 * @brief Call through that handle: returns the mean seconds a call of each repetition.
 * @return as a zc_handler
 */
int zc_evaluator_call(uintptr_t handle, struct zc_reader *args);

#endif /* ZC_RUNTIME_EVALUATOR_H_ */
