/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * Byte-compatible with the session layer of microTVM (TVM 0.18), protocol version 1. A message is
 * a frame's payload:
 *
 *   message   = initiator responder type body
 *   initiator = OCTET            ; nonce of the end that began the session, 0 if there is none
 *   responder = OCTET            ; nonce of the other end, 0 if there is none
 *   type      = %x00 / %x01 / %x02 / %x03 / %x10
 *
 *   type        ids                body
 *   00 start    (nonce, 0)         %x01, the version     begin a session; asked by the host
 *   01 reply    (nonce, nonce)     %x01, the version     the session is established
 *   02 end      any                                      no session any more; sent at boot, too
 *   03 log      (0, 0)             text
 *   10 normal   (nonce, nonce)     an RPC packet
 *
 * A normal message of another session is dropped. This end only answers, so it never sends 00 and
 * ignores 01.
 */

#include <zephyr/sys/byteorder.h>

#include "session.h"

#define VERSION       0x01U
#define INVALID_NONCE 0U

enum type {
	START_INIT = 0x00,
	START_REPLY = 0x01,
	TERMINATE = 0x02,
	LOG = 0x03,
	NORMAL = 0x10,
};

static void begin(struct zc_session *session, uint16_t id, enum type type, uint32_t len)
{
	uint8_t header[ZC_SESSION_HEADER_SIZE];

	session->sending = true;
	sys_put_le16(id, header);
	header[2] = (uint8_t)type;
	zc_frame_begin(&session->framer, len + sizeof(header));
	zc_frame_write(&session->framer, header, sizeof(header));
}

void zc_session_begin(struct zc_session *session, uint32_t len)
{
	begin(session, session->id, NORMAL, len);
}

void zc_session_write(struct zc_session *session, const uint8_t *data, size_t len)
{
	zc_frame_write(&session->framer, data, len);
}

void zc_session_end(struct zc_session *session)
{
	zc_frame_end(&session->framer);
	session->sending = false;
}

void zc_session_log(struct zc_session *session, const char *text, size_t len)
{
	if (session->sending) {
		return;
	}
	begin(session, 0, LOG, (uint32_t)len);
	zc_session_write(session, (const uint8_t *)text, len);
	zc_session_end(session);
}

void zc_session_init(struct zc_session *session, const struct zc_session_events *events,
		     zc_frame_send send, void *context, uint8_t *buf, size_t size, uint8_t nonce)
{
	*session = (struct zc_session){
		.framer = {.send = send, .context = context},
		.events = events,
		.nonce = nonce,
	};
	zc_deframer_init(&session->deframer, buf, size);
	begin(session, 0, TERMINATE, 0);
	zc_session_end(session);
}

static uint8_t next_nonce(uint8_t nonce)
{
	uint8_t next = (uint8_t)(((nonce << 5) | (nonce >> 5)) + 1);

	return next == INVALID_NONCE ? 1 : next;
}

static void on_start(struct zc_session *session, uint16_t id, size_t body_len)
{
	static const uint8_t version = VERSION;

	if ((id & 0xffU) == INVALID_NONCE || body_len == 0) {
		return;
	}
	session->nonce = next_nonce(session->nonce);
	session->id = (uint16_t)((id & 0xffU) | ((unsigned int)session->nonce << 8));
	session->established = true;
	session->events->opened();
	begin(session, session->id, START_REPLY, sizeof(version));
	zc_session_write(session, &version, sizeof(version));
	zc_session_end(session);
}

static void on_frame(struct zc_session *session, uint8_t *payload, size_t len)
{
	uint16_t id;

	if (len < ZC_SESSION_HEADER_SIZE) {
		return;
	}
	id = sys_get_le16(payload);
	len -= ZC_SESSION_HEADER_SIZE;
	switch (payload[2]) {
	case START_INIT:
		on_start(session, id, len);
		break;
	case TERMINATE:
		if (session->established) {
			session->established = false;
			session->events->closed();
		}
		break;
	case NORMAL:
		if (session->established && id == session->id) {
			session->events->message(&payload[ZC_SESSION_HEADER_SIZE], len);
		} else {
			session->events->dropped(ZC_ERROR_FRAME_OTHER_SESSION);
		}
		break;
	default:
		break;
	}
}

void zc_session_receive(struct zc_session *session, const uint8_t *data, size_t len)
{
	while (len > 0) {
		size_t used;
		int result = zc_deframe(&session->deframer, data, len, &used);

		if (result > 0) {
			on_frame(session, session->deframer.buf, session->deframer.len);
		} else if (result < 0) {
			session->events->dropped(session->deframer.dropped);
		}
		data += used;
		len -= used;
	}
}
