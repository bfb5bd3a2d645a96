/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief The text that goes with an error code, for the host.
 */

#ifndef ZEPHYR_COUNTERS_ERROR_H_
#define ZEPHYR_COUNTERS_ERROR_H_

#include <stddef.h>
#include <stdint.h>

/** Length of a name that ends with a 0. */
#define ZC_TERMINATED SIZE_MAX

/**
 * @brief Set the text of the last error: `what`, and if `name` is not NULL, a colon and `name`.
 * @param name `name_len` bytes of it are used, or those before a 0
 * @return `err`, so that a caller can return it
 */
int zc_error(int err, const char *what, const char *name, size_t name_len);

/** @brief As zc_error() with a number after the text. */
int zc_error_num(int err, const char *what, uint32_t number);

/** @brief The text of the last error, "" if there was none; terminated, never longer than 159. */
const char *zc_error_text(void);

/** @brief Forget the last error. */
void zc_error_clear(void);

/**
 * @brief Called by an accelerator's entry point when its job failed inside a kernel.
 *
 * Generated kernels drop what such a function returns, so the runtime asks after each kernel.
 */
void zc_kernel_failed(int err);

/** @brief What zc_kernel_failed() was told since the last call; 0 if nothing. */
int zc_kernel_take_failure(void);

#endif /* ZEPHYR_COUNTERS_ERROR_H_ */
