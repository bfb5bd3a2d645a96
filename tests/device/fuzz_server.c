/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * Feeds the RPC server, from the bytes of the wire up, with libFuzzer. The input's first byte says
 * how the rest is used:
 *
 *   0   as it is, as bytes from the wire
 *   1   as packets, each after a byte for its length, in valid frames of a valid session
 *   2   as the choices of a generator that writes packets that are nearly right
 *
 * In mode 1 the two bytes AD xx, where eight bytes follow, stand for a handle or address that the
 * server returned, since no fuzzer could guess those. After each input the server must still send
 * whole frames only, and answer a session that does all right.
 */

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <zephyr/sys/byteorder.h>

#include <zephyr_counters/server.h>

#include "rpc/rpc.h"
#include "wire/framing.h"
#include "wire/session.h"

#include "fuzz_generator.h"

#define TOKEN      0xadU
#define MAX_PACKET 255U

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What the server sent, unwrapped again. */
static uint8_t reply[1U << 20];
static struct zc_deframer from_server;
static uint16_t session_id;
static unsigned int answers;
static uint32_t answer_code;

/* The newest handles and addresses. */
static uint64_t known[FUZZ_KNOWN];
static size_t num_known;

static void check(bool holds)
{
	if (!holds) {
		abort();
	}
}

static void remember(uint64_t value)
{
	known[num_known++ % FUZZ_KNOWN] = value;
}

uint64_t fuzz_known(size_t index)
{
	return known[index % FUZZ_KNOWN];
}

/* `at` is behind the code of a returned packet. */
static void remember_result(const uint8_t *at, size_t len)
{
	if (len == 16 && sys_get_le32(at) == 1 && sys_get_le32(&at[4]) == 4) {
		remember(sys_get_le64(&at[8]));
	} else if (len >= 28 && sys_get_le32(at) == 2 && sys_get_le32(&at[16]) == 4) {
		remember(sys_get_le64(&at[20]));
	} else if (len >= 28 && sys_get_le32(at) == 3) {
		remember(sys_get_le64(&at[20]));
		remember(sys_get_le64(&at[len - 8]));
	}
}

static void on_frame(const uint8_t *payload, size_t len)
{
	check(len >= ZC_SESSION_HEADER_SIZE);
	if (payload[2] == 0x01) {
		session_id = sys_get_le16(payload);
	}
	if (payload[2] != 0x10) {
		return;
	}
	check(len >= ZC_SESSION_HEADER_SIZE + 12U);
	check(sys_get_le64(&payload[3]) == len - ZC_SESSION_HEADER_SIZE - sizeof(uint64_t));
	answers++;
	answer_code = sys_get_le32(&payload[11]);
	check(answer_code == ZC_RPC_RETURN || answer_code == ZC_RPC_EXCEPTION ||
	      answer_code == ZC_RPC_COPY_ACK);
	if (answer_code == ZC_RPC_RETURN) {
		remember_result(&payload[15], len - 15);
	}
}

static void from_server_bytes(void *context, const uint8_t *data, size_t len)
{
	(void)context;
	while (len > 0) {
		size_t used;
		int result = zc_deframe(&from_server, data, len, &used);

		check(result >= 0);
		if (result > 0) {
			on_frame(reply, from_server.len);
		}
		data += used;
		len -= used;
	}
}

static void to_server(void *context, const uint8_t *data, size_t len)
{
	(void)context;
	zc_server_receive(data, len);
}

static void send_message(uint8_t type, const uint8_t *body, size_t len)
{
	struct zc_framer framer = {.send = to_server};
	uint8_t header[ZC_SESSION_HEADER_SIZE] = {0, 0, type};

	sys_put_le16(type == 0 ? 0x82 : session_id, header);
	zc_frame_begin(&framer, (uint32_t)(sizeof(header) + len));
	zc_frame_write(&framer, header, sizeof(header));
	zc_frame_write(&framer, body, len);
	zc_frame_end(&framer);
}

void fuzz_send_packet(const uint8_t *packet, size_t len)
{
	static uint8_t body[sizeof(uint64_t) + FUZZ_MAX_PACKET];
	unsigned int before = answers;

	sys_put_le64(len, body);
	memcpy(&body[sizeof(uint64_t)], packet, len);
	send_message(0x10, body, sizeof(uint64_t) + len);
	check(answers <= before + 1);
}

uint64_t fuzz_send_and_forget(const uint8_t *packet, size_t len)
{
	uint64_t overwritten = known[num_known % FUZZ_KNOWN];
	size_t before = num_known;
	uint64_t result;

	fuzz_send_packet(packet, len);
	result = known[before % FUZZ_KNOWN];
	known[before % FUZZ_KNOWN] = overwritten;
	num_known = before;
	return result;
}

static void begin_session(void)
{
	static const uint8_t version = 1;
	static const uint8_t init[] = {
		ZC_RPC_INIT_SERVER,
		0,
		0,
		0,
		5,
		0,
		0,
		0,
		0,
		0,
		0,
		0,
		'0',
		'.',
		'8',
		'.',
		'0',
		0,
		0,
		0,
		0,
	};

	send_message(0x00, &version, sizeof(version));
	fuzz_send_packet(init, sizeof(init));
	check(answer_code == ZC_RPC_RETURN);
}

static void replace_tokens(uint8_t *packet, size_t len)
{
	for (size_t i = 0; i + sizeof(uint64_t) <= len; i++) {
		if (packet[i] == TOKEN) {
			sys_put_le64(fuzz_known(packet[i + 1]), &packet[i]);
		}
	}
}

static void send_packets(const uint8_t *data, size_t size)
{
	while (size > 0) {
		uint8_t packet[MAX_PACKET];
		size_t len = data[0] < size - 1 ? data[0] : size - 1;

		memcpy(packet, &data[1], len);
		replace_tokens(packet, len);
		fuzz_send_packet(packet, len);
		data += len + 1;
		size -= len + 1;
	}
}

static void still_serves(void)
{
	static const char name[] = "model.run";
	uint8_t packet[64] = {ZC_RPC_GET_GLOBAL_FUNC, 0, 0, 0, 1, 0, 0, 0, 8};
	unsigned int before;

	begin_session();
	before = answers;
	sys_put_le64(strlen(name), &packet[12]);
	memcpy(&packet[20], name, strlen(name));
	fuzz_send_packet(packet, 20 + strlen(name));
	check(answers == before + 1 && answer_code == ZC_RPC_RETURN);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t nop = 0xfe;

	if (size == 0) {
		return 0;
	}
	zc_deframer_init(&from_server, reply, sizeof(reply));
	memset(known, 0, sizeof(known));
	num_known = 0;
	check(zc_server_init(from_server_bytes, NULL) == 0);
	switch (data[0] % 3) {
	case 0:
		zc_server_receive(&data[1], size - 1);
		break;
	case 1:
		begin_session();
		send_packets(&data[1], size - 1);
		break;
	default:
		begin_session();
		fuzz_generate(&data[1], size - 1);
		break;
	}
	zc_server_receive(&nop, 1);
	still_serves();
	return 0;
}
