/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* Inside the hardware: what one job does and what it costs. Only the model includes this. */

#ifndef MAC_ARRAY_HARDWARE_H_
#define MAC_ARRAY_HARDWARE_H_

#include <stdint.h>

#include "mac_array_regs.h"

/* The array, and the halves of its 16 KiB of local memory: one for weights, one for inputs. */
#define ARRAY_ROWS        8
#define ARRAY_COLUMNS     8
#define LOCAL_HALF_BYTES  8192
#define DMA_BYTES_A_CYCLE 4
/* Bias, multiplier and shift of an output channel. */
#define SCALE_BYTES 12

struct mac_array_job {
	int32_t word[MAC_ARRAY_JOB_WORDS];
	uint64_t address[MAC_ARRAY_NUM_ADDRESSES];
};

struct mac_array_cost {
	uint64_t cycles;
	uint64_t stalls;
	uint64_t macs;
	uint64_t bytes_in;
	uint64_t bytes_out;
	uint64_t tiles;
};

/* Channels of one window: 1 if depthwise. */
static inline int32_t mac_array_window_channels(const struct mac_array_job *job)
{
	return job->word[JOB_GROUPS] == 1 ? job->word[JOB_IN_C] : 1;
}

/* MAC_ARRAY_OK or why not; looks at registers only. */
enum mac_array_code mac_array_check(const struct mac_array_job *job);

/* Follows from the registers alone. */
void mac_array_cost(const struct mac_array_job *job, struct mac_array_cost *cost);

/* Do it. MAC_ARRAY_OK, or MAC_ARRAY_BAD_SCALE before anything was written. */
enum mac_array_code mac_array_compute(const struct mac_array_job *job);

#endif /* MAC_ARRAY_HARDWARE_H_ */
