/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * The body of a session's normal message is one packet of TVM's RPC protocol 0.8.0:
 *
 *   packet = len64 code32 ...      ; len counts what comes after it
 *
 * and is answered by one. A packet of length 0 is ignored. What the packets hold is drawn in
 * reader.c (arguments) and reply.c (results).
 */

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <zephyr/toolchain.h>

#include <zephyr_counters/counters.h>
#include <zephyr_counters/error.h>
#include <zephyr_counters/model.h>
#include <zephyr_counters/port.h>
#include <zephyr_counters/server.h>

#include "../wire/session.h"
#include "arena.h"
#include "dispatch.h"
#include "refuse.h"
#include "reply.h"
#include "rpc.h"
#include "syscalls.h"

BUILD_ASSERT(CONFIG_ZC_PACKET_SIZE >= 256, "the longest function name and its arguments fit");

static uint8_t packet_buf[CONFIG_ZC_PACKET_SIZE];
static struct zc_session session;
static bool initialized;

static void forget_client(void)
{
	initialized = false;
	zc_arena_reset();
	zc_counters_abort();
}

static void on_session_over(void)
{
	forget_client();
	zc_counters_not_taken();
}

static int init_server(struct zc_reader *packet)
{
	struct zc_span version;

	zc_read_span(packet, &version);
	if (packet->err == 0 && !zc_span_is(&version, ZC_RPC_VERSION)) {
		return zc_error_name(-EPROTO, ZC_ERROR_RPC_VERSION, 0, (const char *)version.data,
				     version.len);
	}
	if (zc_read_u32(packet) != 0) {
		return zc_refuse(ZC_ERROR_SESSION_CONSTRUCTOR);
	}
	if (zc_read_end(packet) == 0) {
		forget_client();
		initialized = true;
	}
	return packet->err;
}

static int handle_packet(uint32_t code, struct zc_reader *packet)
{
	if (code == ZC_RPC_INIT_SERVER) {
		return init_server(packet);
	}
	if (code == ZC_RPC_SHUTDOWN) {
		forget_client();
		return ZC_ANSWERED; /* with nothing, as the client expects */
	}
	if (!initialized) {
		return zc_refuse(ZC_ERROR_SESSION_NOT_INITIALIZED);
	}
	if (code == ZC_RPC_CALL_FUNC) {
		return zc_function_call(zc_read_u64(packet), packet);
	}
	return zc_syscall(code, packet);
}

static void on_message(uint8_t *body, size_t len)
{
	struct zc_reader packet = {.at = body, .left = len};
	uintptr_t packet_len = zc_read_u64(&packet);
	uint32_t code;
	int err;

	zc_error_clear();
	zc_counters_taken();
	if (packet_len == 0 && packet.err == 0) {
		return;
	}
	code = zc_read_u32(&packet);
	if (packet.err != 0 || packet_len != packet.left + sizeof(code)) {
		err = zc_error(-EINVAL, ZC_ERROR_PACKET_LENGTH, (uint32_t)packet.left);
	} else {
		err = handle_packet(code, &packet);
	}
	if (err < 0) {
		zc_reply_exception(err);
	} else if (err != ZC_ANSWERED && code == ZC_RPC_CALL_FUNC) {
		(void)zc_return(TVM_FFI_NONE, 0);
	} else if (err != ZC_ANSWERED) {
		(void)zc_reply(TVM_FFI_NONE, 0);
	}
}

static void on_dropped(enum zc_error_number reason)
{
	(void)zc_error(-EBADMSG, reason, 0);
	zc_server_log(zc_error_text());
}

int zc_server_init(zc_server_send send, void *context)
{
	static const struct zc_session_events events = {
		.opened = on_session_over,
		.closed = on_session_over,
		.message = on_message,
		.dropped = on_dropped,
	};
	uint8_t nonce;
	int err;

	if (zc_model.abi != ZC_MODEL_ABI) {
		return zc_error(-ENOTSUP, ZC_ERROR_MODEL_VERSION, zc_model.abi);
	}
	err = zc_counters_init();
	if (err != 0) {
		return err;
	}
	forget_client();
	zc_reply_init(&session);
	zc_port_random(&nonce, sizeof(nonce));
	zc_session_init(&session, &events, send, context, packet_buf, sizeof(packet_buf), nonce);
	return 0;
}

void zc_server_receive(const uint8_t *data, size_t len)
{
	zc_session_receive(&session, data, len);
}

void zc_server_log(const char *text)
{
	zc_session_log(&session, text, strlen(text));
}
