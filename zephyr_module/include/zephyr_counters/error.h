/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief What went wrong, for the host: a number of errors.def, an argument and a name.
 */

#ifndef ZEPHYR_COUNTERS_ERROR_H_
#define ZEPHYR_COUNTERS_ERROR_H_

#include <stddef.h>
#include <stdint.h>

/** Length of a name that ends with a 0. */
#define ZC_TERMINATED SIZE_MAX

/** Numbers of errors, ZC_ERROR_*. */
enum zc_error_number {
#define ZC_ERROR(number, name) ZC_ERROR_##name = number,
#include <zephyr_counters/errors.def>
};

/**
 * @brief Set the last error.
 * @param argument what errors.def says, 0 if it says nothing
 * @return `err`, so that a caller can return it
 */
int zc_error(int err, enum zc_error_number number, uint32_t argument);

/**
 * @brief As zc_error() with a name.
 * @param name_len bytes of it that are used, fewer if a 0 comes before
 */
int zc_error_name(int err, enum zc_error_number number, uint32_t argument, const char *name,
		  size_t name_len);

/** @brief Append ": " and a terminated text to the last error's name. */
void zc_error_add(const char *text);

/**
 * @brief The last error as it is sent: `zc-error NUMBER ARGUMENT[ NAME]`, "" if there was none.
 * @return terminated, never longer than 159
 */
const char *zc_error_text(void);

/** @brief Forget the last error. */
void zc_error_clear(void);

/**
 * @brief Called by an accelerator's entry point when its job failed inside a kernel.
 *
 * Generated kernels drop what such a function returns, so the runtime asks after each kernel.
 */
void zc_kernel_failed(int err);

/** @brief The first error given to zc_kernel_failed() since the last call; 0 if none. */
int zc_kernel_take_failure(void);

#endif /* ZEPHYR_COUNTERS_ERROR_H_ */
