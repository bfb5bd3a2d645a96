/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief zc_error() for the most common case: -EINVAL without an argument.
 */

#ifndef ZC_RPC_REFUSE_H_
#define ZC_RPC_REFUSE_H_

#include <zephyr_counters/error.h>

/** @return -EINVAL */
int zc_refuse(enum zc_error_number number);

/** @return -EINVAL, for a handle that is not valid */
int zc_refuse_handle(void);

#endif /* ZC_RPC_REFUSE_H_ */
