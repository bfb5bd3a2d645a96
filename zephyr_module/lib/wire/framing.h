/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Frames of microTVM: what delimits and protects a message on a stream of bytes.
 */

#ifndef ZC_WIRE_FRAMING_H_
#define ZC_WIRE_FRAMING_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <zephyr_counters/error.h>

/** Sends all of `data`; waits where it must. */
typedef void (*zc_frame_send)(void *context, const uint8_t *data, size_t len);

/** Writes frames. */
struct zc_framer {
	zc_frame_send send;
	void *context;
	uint16_t crc;
	/** The first frame after a reset has a nop before it. */
	bool started;
};

/** Begin a frame of `len` payload bytes; just as many must follow. */
void zc_frame_begin(struct zc_framer *framer, uint32_t len);
void zc_frame_write(struct zc_framer *framer, const uint8_t *data, size_t len);
void zc_frame_end(struct zc_framer *framer);

/** Reads frames into the caller's buffer. */
struct zc_deframer {
	uint8_t *buf;
	size_t size;
	/** Payload bytes announced, and bytes received of length, payload and CRC, unescaped. */
	uint32_t len;
	uint32_t fill;
	uint16_t crc;
	uint8_t crc_low;
	/** A frame began and is not over. */
	bool inside;
	bool escaped;
	/** The bytes lost until the next start were reported already. */
	bool lost_told;
	/** Why a frame was dropped: ZC_ERROR_FRAME_*. */
	enum zc_error_number dropped;
};

void zc_deframer_init(struct zc_deframer *deframer, uint8_t *buf, size_t size);

/**
 * @brief Take bytes until a frame is complete or dropped.
 * @param used how many were taken, out; call again with the rest
 * @return 1 a frame of `deframer->len` bytes is in the buffer, until the next call;
 *         0 all bytes taken, nothing complete;
 *         -EBADMSG bytes were dropped, and `deframer->dropped` says why
 */
int zc_deframe(struct zc_deframer *deframer, const uint8_t *data, size_t len, size_t *used);

#endif /* ZC_WIRE_FRAMING_H_ */
