/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <stdbool.h>
#include <string.h>

#include <zephyr/sys/byteorder.h>
#include <zephyr/sys/util.h>

#include "rpc/handle.h"
#include "rpc/rpc.h"

#include "fuzz_generator.h"

#define MAX_ROUNDS 24

struct source {
	const uint8_t *data;
	size_t size;
};

struct packet {
	size_t len;
	uint8_t bytes[FUZZ_MAX_PACKET];
};

static uint8_t choose(struct source *source)
{
	if (source->size == 0) {
		return 0;
	}
	source->size--;
	return *source->data++;
}

static void put(struct packet *packet, const void *data, size_t len)
{
	len = MIN(len, sizeof(packet->bytes) - packet->len);
	memcpy(&packet->bytes[packet->len], data, len);
	packet->len += len;
}

static void put32(struct packet *packet, uint32_t value)
{
	uint8_t bytes[sizeof(value)];

	sys_put_le32(value, bytes);
	put(packet, bytes, sizeof(bytes));
}

static void put64(struct packet *packet, uint64_t value)
{
	uint8_t bytes[sizeof(value)];

	sys_put_le64(value, bytes);
	put(packet, bytes, sizeof(bytes));
}

static uint64_t odd_number(struct source *source)
{
	static const uint64_t numbers[] = {
		0,          1,          2,
		4,          15,         16,
		17,         255,        4095,
		4096,       65535,      65536,
		INT32_MAX,  UINT32_MAX, UINT32_MAX + 1ULL,
		INT64_MAX,  1ULL << 63, UINT64_MAX - 15,
		UINT64_MAX,
	};
	uint8_t choice = choose(source);

	return choice < ARRAY_SIZE(numbers) ? numbers[choice] : choice;
}

/* A small number, mostly; sometimes one at an edge. */
static uint64_t number(struct source *source)
{
	uint8_t choice = choose(source);

	return choice >= 0xf0 ? odd_number(source) : choice % 8U;
}

static uint64_t reference(struct source *source)
{
	uint8_t choice = choose(source);

	if (choice >= 0xf0) {
		return odd_number(source);
	}
	if (choice >= 0x80) {
		return zc_handle((enum zc_handle_kind)(choice >> 4 & 7), 0, choice & 15);
	}
	return fuzz_known(choice) + (choice >= 0x70 ? number(source) : 0);
}

static void put_tensor(struct packet *packet, struct source *source)
{
	static const uint8_t int32[] = {0, 32, 1, 0};
	uint8_t shape = choose(source);
	uint32_t ndim = shape % 3U;

	put64(packet, reference(source));
	put32(packet, 1);
	put32(packet, 0);
	put32(packet, ndim);
	if (shape < 0xf0) {
		put(packet, int32, sizeof(int32));
	} else {
		put32(packet, (uint32_t)odd_number(source) ^ choose(source));
	}
	for (uint32_t i = 0; i < ndim; i++) {
		put64(packet, shape < 0xc0 ? (ndim == 1 ? 4 : 1) : number(source));
	}
	put64(packet, shape < 0xe0 ? 0 : number(source));
}

static void put_string(struct packet *packet, struct source *source, uint32_t type)
{
	static const char *const strings[] = {
		"scale",
		"total",
		"model.run",
		"global",
		"",
		"0.8.0",
		"hwcnt.take",
		"\x82\x00\x82\x00\x81\x00",
		"\x82\x00\x82\x00\x84\x00\x01\x02\x03",
		"\x81\x00",
		"\x81\x01",
	};
	static const uint8_t lengths[] = {5, 5, 9, 6, 0, 5, 10, 6, 9, 2, 2};
	uint8_t choice = choose(source) % (2 * ARRAY_SIZE(strings));
	size_t len = choice < ARRAY_SIZE(strings) ? lengths[choice] : MIN(source->size, choice);

	put32(packet, type);
	put64(packet, len);
	if (choice < ARRAY_SIZE(strings)) {
		put(packet, strings[choice], len);
		return;
	}
	put(packet, source->data, len);
	source->data += len;
	source->size -= len;
}

static void put_value(struct packet *packet, struct source *source, char format)
{
	switch (format) {
	case 'i':
		put32(packet, 1);
		put64(packet, number(source));
		break;
	case 'z':
		put32(packet, 1);
		put64(packet, 0);
		break;
	case 'h':
		put32(packet, 4);
		put64(packet, reference(source));
		break;
	case 's':
		put_string(packet, source, 8);
		break;
	case 'b':
		put_string(packet, source, 9);
		break;
	case 't':
		put32(packet, 5);
		put64(packet, 0x00012000);
		break;
	case 'd':
		put32(packet, 6);
		put64(packet, 1);
		break;
	case 'T':
		put32(packet, 7);
		put_tensor(packet, source);
		break;
	default:
		put32(packet, 0);
		break;
	}
}

/* As the format says, with now and then one too many, one too few, or one of another type. */
static void put_args(struct packet *packet, struct source *source, const char *format)
{
	static const char types[] = "ihsbtdT0";
	uint32_t count = (uint32_t)strlen(format);
	uint8_t mistake = choose(source);
	size_t wrong = mistake >= 0xe0 ? mistake % 8U : SIZE_MAX;

	put32(packet, count);
	for (uint32_t i = 0; i < count; i++) {
		put_value(packet, source,
			  i == wrong ? types[choose(source) % strlen(types)] : format[i]);
	}
	if (wrong == count) {
		put_value(packet, source, types[choose(source) % strlen(types)]);
	}
}

struct shape {
	uint8_t code;
	const char *name;
	const char *format;
};

static const struct shape shapes[] = {
	{ZC_RPC_DEV_ALLOC_DATA_WITH_SCOPE, NULL, "T0"},
	{ZC_RPC_DEV_ALLOC_DATA, NULL, "diit"},
	{ZC_RPC_DEV_FREE_DATA, NULL, "dh"},
	{ZC_RPC_FREE_HANDLE, NULL, "h"},
	{ZC_RPC_GET_GLOBAL_FUNC, NULL, "s"},
	{ZC_RPC_COPY_AMONG_REMOTE, NULL, "TTh"},
	{ZC_RPC_DEV_GET_ATTR, NULL, "di"},
	{ZC_RPC_DEV_STREAM_SYNC, NULL, "dh"},
	{ZC_RPC_CALL_FUNC, "scale", "TTT"},
	{ZC_RPC_CALL_FUNC, "total", "TT"},
	{ZC_RPC_CALL_FUNC, "hwcnt.catalog", ""},
	{ZC_RPC_CALL_FUNC, "hwcnt.select", "b"},
	{ZC_RPC_CALL_FUNC, "hwcnt.begin", "i"},
	{ZC_RPC_CALL_FUNC, "hwcnt.end", ""},
	{ZC_RPC_CALL_FUNC, "hwcnt.take", ""},
	{ZC_RPC_CALL_FUNC, "model.info", ""},
	{ZC_RPC_CALL_FUNC, "model.set_input", "iT"},
	{ZC_RPC_CALL_FUNC, "model.set_input", "iTi"},
	{ZC_RPC_CALL_FUNC, "model.run", ""},
	{ZC_RPC_CALL_FUNC, "model.run_layer", "i"},
	{ZC_RPC_CALL_FUNC, "model.layer_tensor", "iii"},
	{ZC_RPC_CALL_FUNC, "model.get_output", "iT"},
	{ZC_RPC_CALL_FUNC, "model.get_output", "i"},
	{ZC_RPC_CALL_FUNC, "model.output_crc", "i"},
	{ZC_RPC_CALL_FUNC, "model.profile", "i"},
	{ZC_RPC_CALL_FUNC, "model.profile", "ii"},
	{ZC_RPC_CALL_FUNC, "model.profile_function", "siiTTT"},
	{ZC_RPC_CALL_FUNC, "runtime.RPCTimeEvaluator", "0siiiiiizizs"},
	{ZC_RPC_CALL_FUNC, "ffi.SystemLib", ""},
	{ZC_RPC_CALL_FUNC, "runtime.SystemLib", "s"},
	{ZC_RPC_CALL_FUNC, "tvm.rpc.server.GetCRTMaxPacketSize", ""},
	{ZC_RPC_CALL_FUNC, "tvm.rpc.server.ModuleGetFunction", "hsi"},
	{ZC_RPC_CALL_FUNC, NULL, "TTT"},
	{ZC_RPC_CALL_FUNC, NULL, "TT"},
	{ZC_RPC_COPY_FROM_REMOTE, NULL, NULL},
	{ZC_RPC_COPY_TO_REMOTE, NULL, NULL},
};

static uint64_t find_function(const char *name)
{
	struct packet packet = {.len = 0};

	put32(&packet, ZC_RPC_GET_GLOBAL_FUNC);
	put32(&packet, 1);
	put32(&packet, 8);
	put64(&packet, strlen(name));
	put(&packet, name, strlen(name));
	return fuzz_send_and_forget(packet.bytes, packet.len);
}

static void put_copy(struct packet *packet, struct source *source, bool to)
{
	uint8_t bytes[64];
	uint8_t fill;
	uint64_t len;

	put_tensor(packet, source);
	len = choose(source) % 4 == 0 ? number(source) : 16;
	put64(packet, len);
	if (to) {
		/* -1 and -2 are what the tiny model's kernels fail for. */
		fill = choose(source);
		memset(bytes, fill % 4 == 0 ? 0xff : fill, sizeof(bytes));
		bytes[0] = fill % 8 == 0 ? 0xfe : fill;
		put(packet, bytes, MIN(len, sizeof(bytes)));
	}
}

static void generate_one(struct source *source)
{
	const struct shape *shape = &shapes[choose(source) % ARRAY_SIZE(shapes)];
	struct packet packet = {.len = 0};

	put32(&packet, shape->code);
	if (shape->format == NULL) {
		put_copy(&packet, source, shape->code == ZC_RPC_COPY_TO_REMOTE);
	} else {
		if (shape->code == ZC_RPC_CALL_FUNC) {
			put64(&packet,
			      shape->name != NULL ? find_function(shape->name) : reference(source));
		}
		put_args(&packet, source, shape->format);
	}
	fuzz_send_packet(packet.bytes, packet.len);
}

void fuzz_generate(const uint8_t *data, size_t size)
{
	struct source source = {.data = data, .size = size};

	for (int i = 0; source.size > 0 && i < MAX_ROUNDS; i++) {
		generate_one(&source);
	}
}
