/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Handlers of the model.* functions that are more than a call of the executor.
 */

#ifndef ZC_RUNTIME_MODEL_FUNCTIONS_H_
#define ZC_RUNTIME_MODEL_FUNCTIONS_H_

#include "reader.h"

int zc_model_info(const union zc_arg *args, struct zc_reader *rest);
int zc_model_set_input(const union zc_arg *args, struct zc_reader *rest);
int zc_model_get_output(const union zc_arg *args, struct zc_reader *rest);
/** @brief model.reset: give what is kept from one run to the next its first values. */
int zc_model_reset(const union zc_arg *args, struct zc_reader *rest);

#endif /* ZC_RUNTIME_MODEL_FUNCTIONS_H_ */
