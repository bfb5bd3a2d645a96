/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* The driver: programs jobs into the registers, and reads the counters as a provider. */

#ifndef MAC_ARRAY_H_
#define MAC_ARRAY_H_

#include <stdint.h>

#include <zephyr/drivers/hwcnt.h>

#define MAC_ARRAY_COMPATIBLE "zephyr-counters,mac-array"
#define MAC_ARRAY_CLOCK_HZ   50000000U

extern const struct hwcnt_driver_api mac_array_api;

/**
 * @brief Run a job and wait for it; what generated kernels call.
 *
 * A job that fails is also reported to zc_kernel_failed(), as kernels drop the result.
 * @param job MAC_ARRAY_JOB_WORDS words, see enum mac_array_job_word
 * @return 0; -EINVAL refused; -ETIMEDOUT
 */
int32_t mac_array_run(const int32_t *job, const int8_t *x, const int8_t *w, const int32_t *bias,
		      const int32_t *multiplier, const int32_t *shift, int8_t *y);

#endif /* MAC_ARRAY_H_ */
