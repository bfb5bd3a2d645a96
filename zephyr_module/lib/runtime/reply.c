/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 *   reply     = len64 code32 ...                 ; len counts what comes after it
 *   return    = code(4) count32 *value           ; values as in reader.c
 *   result    = code(4) count32 type value       ; of a function: its type index as an integer,
 *             / code(4) 3 type tensor handle     ; then the value; a tensor has a handle, too
 *   exception = code(5) 1 text
 *   copy-ack  = code(8) *byte
 */

#include <string.h>

#include <zephyr/sys/byteorder.h>

#include <zephyr_counters/error.h>

#include "reply.h"
#include "rpc.h"

/* The longest is that of a tensor: length, code, count, type, and up to a DLTensor's shape. */
#define MAX_HEAD (8 + 4 + 4 + 12 + 4 + 8 + 8 + 4 + 4)

static struct zc_session *session;

struct head {
	size_t len;
	uint8_t bytes[MAX_HEAD];
};

static void put32(struct head *head, uint32_t value)
{
	sys_put_le32(value, &head->bytes[head->len]);
	head->len += sizeof(value);
}

static void put64(struct head *head, uint64_t value)
{
	put32(head, (uint32_t)value);
	put32(head, (uint32_t)(value >> 32));
}

static void put(struct head *head, enum tvm_ffi_type_index type, uint64_t value)
{
	put32(head, type);
	if (type != TVM_FFI_NONE) {
		put64(head, value);
	}
}

/* A packet's first field, its length, is filled in by begin(). */
static void start(struct head *head, enum zc_rpc_code code)
{
	head->len = sizeof(uint64_t);
	put32(head, code);
}

static void start_return(struct head *head, uint32_t count)
{
	start(head, ZC_RPC_RETURN);
	put32(head, count);
}

static void start_result(struct head *head, enum tvm_ffi_type_index type, uint32_t count)
{
	start_return(head, count);
	put(head, TVM_FFI_INT, type);
}

static void begin(struct head *head, uint32_t rest)
{
	uint32_t len = (uint32_t)head->len + rest;

	sys_put_le64(len - sizeof(uint64_t), head->bytes);
	zc_session_begin(session, len);
	zc_session_write(session, head->bytes, head->len);
}

static void send(struct head *head, const void *data, size_t len)
{
	begin(head, (uint32_t)len);
	zc_session_write(session, data, len);
	zc_session_end(session);
}

void zc_reply_init(struct zc_session *s)
{
	session = s;
}

void zc_reply(enum tvm_ffi_type_index type, uint64_t value)
{
	struct head head;

	start_return(&head, 1);
	put(&head, type, value);
	send(&head, NULL, 0);
}

void zc_reply_exception(int err)
{
	const char *text = zc_error_text();
	struct head head;
	size_t len;

	if (text[0] == '\0') {
		(void)zc_error_num(err, "error", (uint32_t)-err);
	}
	len = strlen(text);
	start(&head, ZC_RPC_EXCEPTION);
	put32(&head, 1);
	put(&head, TVM_FFI_RAW_STR, len);
	send(&head, text, len);
}

void zc_reply_copy(const uint8_t *data, uint32_t len)
{
	struct head head;

	start(&head, ZC_RPC_COPY_ACK);
	send(&head, data, len);
}

void zc_return(enum tvm_ffi_type_index type, uint64_t value)
{
	struct head head;

	start_result(&head, type, 2);
	put(&head, type > TVM_FFI_STATIC_OBJECT_BEGIN ? TVM_FFI_OPAQUE_PTR : type, value);
	send(&head, NULL, 0);
}

static void start_bytes(struct head *head, uint32_t len)
{
	start_result(head, TVM_FFI_BYTES, 2);
	put(head, TVM_FFI_BYTE_ARRAY_PTR, len);
}

void zc_return_bytes(const uint8_t *data, uint32_t len)
{
	struct head head;

	start_bytes(&head, len);
	send(&head, data, len);
}

void zc_return_tensor(const DLTensor *like, const void *data, uint32_t handle)
{
	uint32_t shape_size = (uint32_t)like->ndim * (uint32_t)sizeof(*like->shape);
	struct head head;
	struct head rest = {.len = 0};

	start_result(&head, TVM_FFI_TENSOR, 3);
	put(&head, TVM_FFI_DLTENSOR_PTR, (uintptr_t)data);
	put32(&head, DL_DEVICE_CPU);
	put32(&head, 0);
	put32(&head, (uint32_t)like->ndim);
	memcpy(&head.bytes[head.len], &like->dtype, sizeof(like->dtype));
	head.len += sizeof(like->dtype);
	put64(&rest, 0);
	put(&rest, TVM_FFI_OPAQUE_PTR, handle);

	begin(&head, shape_size + (uint32_t)rest.len);
	zc_session_write(session, (const uint8_t *)like->shape, shape_size);
	zc_session_write(session, rest.bytes, rest.len);
	zc_session_end(session);
}

struct counting_sink {
	struct zc_sink sink;
	uint32_t len;
};

static void count(struct zc_sink *sink, const uint8_t *data, size_t len)
{
	(void)data;
	((struct counting_sink *)(void *)sink)->len += (uint32_t)len;
}

static void pass_on(struct zc_sink *sink, const uint8_t *data, size_t len)
{
	(void)sink;
	zc_session_write(session, data, len);
}

int zc_return_streamed(int (*write)(struct zc_sink *sink))
{
	struct head head;
	struct counting_sink counter = {.sink = {.write = count}};
	struct zc_sink sink = {.write = pass_on};
	int err = write(&counter.sink);

	if (err != 0) {
		return err;
	}
	start_bytes(&head, counter.len);
	begin(&head, counter.len);
	(void)write(&sink);
	zc_session_end(session);
	return 0;
}
