/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Sessions of microTVM, the end that is asked: tells one boot and one client from another.
 */

#ifndef ZC_WIRE_SESSION_H_
#define ZC_WIRE_SESSION_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "framing.h"

/** Bytes of a frame's payload before the message's body. */
#define ZC_SESSION_HEADER_SIZE 3

/** Callbacks of the layer above. */
struct zc_session_events {
	/** A session began; any before it is over. */
	void (*opened)(void);
	/** The other end ended the session. */
	void (*closed)(void);
	/** A message came in. Its body is in the receive buffer and may be overwritten. */
	void (*message)(uint8_t *body, size_t len);
	/** A frame was dropped: ZC_ERROR_FRAME_*. */
	void (*dropped)(enum zc_error_number reason);
};

struct zc_session {
	struct zc_framer framer;
	struct zc_deframer deframer;
	const struct zc_session_events *events;
	uint16_t id;
	uint8_t nonce;
	bool established;
	bool sending;
};

/**
 * @brief Start, and tell the other end that any session before is over.
 * @param buf receive buffer: the largest message and its header fit
 * @param nonce differs from boot to boot
 */
void zc_session_init(struct zc_session *session, const struct zc_session_events *events,
		     zc_frame_send send, void *context, uint8_t *buf, size_t size, uint8_t nonce);

/** @brief Take bytes from the stream. */
void zc_session_receive(struct zc_session *session, const uint8_t *data, size_t len);

/** @brief Begin a message of `len` body bytes; just as many must follow. */
void zc_session_begin(struct zc_session *session, uint32_t len);
void zc_session_write(struct zc_session *session, const uint8_t *data, size_t len);
void zc_session_end(struct zc_session *session);

/** @brief Send a log line, with or without a session; left out in the middle of a message. */
void zc_session_log(struct zc_session *session, const char *text, size_t len);

#endif /* ZC_WIRE_SESSION_H_ */
