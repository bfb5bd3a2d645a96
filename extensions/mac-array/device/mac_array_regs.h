/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* Registers of the mac-array, all 32 bits wide; described in ../README.md. */

#ifndef MAC_ARRAY_REGS_H_
#define MAC_ARRAY_REGS_H_

#include "mac_array_job.h"

#define MAC_ARRAY_ID      0x000U
#define MAC_ARRAY_CONTROL 0x004U
#define MAC_ARRAY_STATUS  0x008U
#define MAC_ARRAY_CYCLES  0x00cU /* of the last job */
#define MAC_ARRAY_STALLS  0x010U /* of the last job */

/* Counters: always counting, and wrapping. Those of the slots can be written, to preset them. */
#define MAC_ARRAY_JOBS                0x020U
#define MAC_ARRAY_BUSY_CYCLES         0x024U
#define MAC_ARRAY_EVENT(slot)         (0x030U + 4U * (slot))
#define MAC_ARRAY_COUNT(slot)         (0x040U + 4U * (slot))
#define MAC_ARRAY_NUM_SLOTS           4U

#define MAC_ARRAY_JOB(word)           (0x100U + 4U * (word))
#define MAC_ARRAY_JOB_WORDS           ((unsigned int)JOB_NUM_WORDS)
#define MAC_ARRAY_ADDRESS_LOW(which)  (0x180U + 8U * (which))
#define MAC_ARRAY_ADDRESS_HIGH(which) (0x184U + 8U * (which))
#define MAC_ARRAY_NUM_ADDRESSES       6U

#define MAC_ARRAY_ID_VALUE            0x4d414338U /* "MAC8" */

#define MAC_ARRAY_CONTROL_START       0x1U

#define MAC_ARRAY_STATUS_BUSY         0x1U
#define MAC_ARRAY_STATUS_DONE         0x2U
#define MAC_ARRAY_STATUS_ERROR        0x4U
#define MAC_ARRAY_STATUS_CODE(status) ((status) >> 8 & 0xffU)

/* Why a job was refused. */
enum mac_array_code {
	MAC_ARRAY_OK = 0,
	/* A dimension, stride, dilation or padding out of its range, or groups that are no groups.
	 */
	MAC_ARRAY_BAD_SHAPE = 1,
	/* Offsets that 31 bits do not hold, or sums that an accumulator does not. */
	MAC_ARRAY_OVERFLOW = 2,
	/* An address that is 0, or not a multiple of 4 where 32-bit words are. */
	MAC_ARRAY_BAD_ADDRESS = 3,
	/* Zero points or clamps that are no int8. */
	MAC_ARRAY_BAD_RANGE = 4,
	/* A multiplier or shift in memory out of its range. */
	MAC_ARRAY_BAD_SCALE = 5,
};

/* What a slot counts. */
enum mac_array_event {
	MAC_ARRAY_NO_EVENT = 0,
	MAC_ARRAY_STALL_CYCLES = 1,
	MAC_ARRAY_MACS = 2,
	MAC_ARRAY_BYTES_IN = 3,
	MAC_ARRAY_BYTES_OUT = 4,
	MAC_ARRAY_TILES = 5,
	MAC_ARRAY_NUM_EVENTS = 6,
};

/* Words of a job: JOB_BATCH and so on. */
enum mac_array_job_word {
#define MAC_ARRAY_JOB_ENUM(name, low, high, code) JOB_##name,
	MAC_ARRAY_JOB_TABLE(MAC_ARRAY_JOB_ENUM)
#undef MAC_ARRAY_JOB_ENUM
	JOB_NUM_WORDS,
};

/* Addresses of a job. */
enum mac_array_address {
	ADDRESS_X,
	ADDRESS_W,
	ADDRESS_BIAS,
	ADDRESS_MULTIPLIER,
	ADDRESS_SHIFT,
	ADDRESS_Y,
};

#endif /* MAC_ARRAY_REGS_H_ */
