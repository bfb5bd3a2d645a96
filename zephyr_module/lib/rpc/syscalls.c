/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <errno.h>
#include <string.h>

#include <zephyr/sys/util.h>
#include <zephyr/toolchain.h>

#include <zephyr_counters/error.h>

#include "arena.h"
#include "dispatch.h"
#include "handler.h"
#include "refuse.h"
#include "reply.h"
#include "rpc.h"
#include "syscalls.h"

/* TVM's DeviceAttrKind */
#define ATTR_EXIST 0

/* A part of a tensor: the tensor's offset counts within it, and so do `len` bytes from there. */
static int locate_part(struct zc_reader *r, const struct zc_tensor *tensor, uintptr_t len,
		       uint8_t **data)
{
	if (zc_read_end(r) != 0) {
		return r->err;
	}
	if (tensor->offset > tensor->size || len > tensor->size - tensor->offset) {
		return zc_refuse(ZC_ERROR_COPY_OUTSIDE);
	}
	return zc_arena_locate(tensor->address, tensor->offset, (uint32_t)len, data);
}

static int copy_from(struct zc_reader *r)
{
	struct zc_tensor tensor;
	uintptr_t len;
	uint8_t *data;
	int err;

	zc_read_tensor(r, &tensor);
	len = zc_read_u64(r);
	err = locate_part(r, &tensor, len, &data);
	return err != 0 ? err : zc_reply_copy(data, (uint32_t)len);
}

static int copy_to(struct zc_reader *r)
{
	struct zc_tensor tensor;
	struct zc_span bytes;
	uint8_t *data;
	int err;

	zc_read_tensor(r, &tensor);
	zc_read_span(r, &bytes);
	err = locate_part(r, &tensor, bytes.len, &data);
	if (err != 0) {
		return err;
	}
	memcpy(data, bytes.data, bytes.len);
	return 0;
}

static int copy_among(const union zc_arg *args, struct zc_reader *rest)
{
	uint8_t *from;
	uint8_t *to;
	int err = zc_tensor_locate(&args[0].tensor, NULL, &from);

	ARG_UNUSED(rest);
	if (err == 0) {
		err = zc_tensor_locate(&args[1].tensor, NULL, &to);
	}
	if (err != 0) {
		return err;
	}
	if (args[0].tensor.size != args[1].tensor.size) {
		return zc_refuse(ZC_ERROR_COPY_SIZES);
	}
	memmove(to, from, args[0].tensor.size);
	return 0;
}

static int get_global_func(const union zc_arg *args, struct zc_reader *rest)
{
	ARG_UNUSED(rest);
	return zc_reply(TVM_FFI_OPAQUE_PTR, zc_function_find(&args[0].span));
}

static int free_handle(const union zc_arg *args, struct zc_reader *rest)
{
	ARG_UNUSED(rest);
	return zc_handle_free(args[0].word);
}

static int get_attr(const union zc_arg *args, struct zc_reader *rest)
{
	ARG_UNUSED(rest);
	if (args[1].word != ATTR_EXIST) {
		return 0;
	}
	return zc_reply(TVM_FFI_INT, args[0].word == DL_DEVICE_CPU);
}

static int alloc(uint32_t size)
{
	void *data;
	uint32_t handle;
	int err = zc_arena_alloc(size, ZC_HANDLE_TENSOR, &data, &handle);

	return err != 0 ? err : zc_reply(TVM_FFI_OPAQUE_PTR, (uintptr_t)data);
}

/* All memory is aligned alike, enough for any type that a kernel knows. */
static int alloc_data(const union zc_arg *args, struct zc_reader *rest)
{
	ARG_UNUSED(rest);
	return alloc((uint32_t)args[1].word);
}

static int alloc_data_with_scope(const union zc_arg *args, struct zc_reader *rest)
{
	const struct zc_span *scope = &args[1].span;

	ARG_UNUSED(rest);
	if (scope->len != 0 && !zc_span_is(scope, "global")) {
		return zc_refuse(ZC_ERROR_MEMORY_SCOPE);
	}
	return alloc(args[0].tensor.size);
}

static int free_data(const union zc_arg *args, struct zc_reader *rest)
{
	ARG_UNUSED(rest);
	return zc_arena_free(args[1].word);
}

static int set_device(const union zc_arg *args, struct zc_reader *rest)
{
	ARG_UNUSED(args);
	ARG_UNUSED(rest);
	return 0;
}

/* There is one stream, the null one, and it is always in step. */
static int get_stream(const union zc_arg *args, struct zc_reader *rest)
{
	ARG_UNUSED(args);
	ARG_UNUSED(rest);
	return zc_reply(TVM_FFI_OPAQUE_PTR, 0);
}

static int use_stream(const union zc_arg *args, struct zc_reader *rest)
{
	ARG_UNUSED(rest);
	return args[1].word == 0 ? 0 : zc_refuse_handle();
}

int zc_syscall(uint32_t code, struct zc_reader *packet)
{
	static const struct {
		/* As of zc_read_args(). */
		const char *format;
		zc_handler call;
	} syscalls[] = {
		[ZC_RPC_GET_GLOBAL_FUNC - ZC_RPC_SYSCALLS] = {"s", get_global_func},
		[ZC_RPC_FREE_HANDLE - ZC_RPC_SYSCALLS] = {"h", free_handle},
		[ZC_RPC_DEV_SET_DEVICE - ZC_RPC_SYSCALLS] = {"d", set_device},
		[ZC_RPC_DEV_GET_ATTR - ZC_RPC_SYSCALLS] = {"Di", get_attr},
		[ZC_RPC_DEV_ALLOC_DATA - ZC_RPC_SYSCALLS] = {"diit", alloc_data},
		[ZC_RPC_DEV_FREE_DATA - ZC_RPC_SYSCALLS] = {"dh", free_data},
		[ZC_RPC_DEV_STREAM_SYNC - ZC_RPC_SYSCALLS] = {"dh", use_stream},
		[ZC_RPC_COPY_AMONG_REMOTE - ZC_RPC_SYSCALLS] = {"TTh", copy_among},
		[ZC_RPC_DEV_ALLOC_DATA_WITH_SCOPE -
			ZC_RPC_SYSCALLS] = {"TS", alloc_data_with_scope},
		[ZC_RPC_DEV_CREATE_STREAM - ZC_RPC_SYSCALLS] = {"d", get_stream},
		[ZC_RPC_DEV_FREE_STREAM - ZC_RPC_SYSCALLS] = {"dh", use_stream},
		[ZC_RPC_DEV_SET_STREAM - ZC_RPC_SYSCALLS] = {"dh", use_stream},
		[ZC_RPC_DEV_GET_CURRENT_STREAM - ZC_RPC_SYSCALLS] = {"d", get_stream},
	};
	union zc_arg args[ZC_MAX_ARGS];
	int err;

	if (code == ZC_RPC_COPY_FROM_REMOTE) {
		return copy_from(packet);
	}
	if (code == ZC_RPC_COPY_TO_REMOTE) {
		return copy_to(packet);
	}
	if (code < ZC_RPC_SYSCALLS || code - ZC_RPC_SYSCALLS >= ARRAY_SIZE(syscalls)) {
		return zc_error(-ENOTSUP, ZC_ERROR_PACKET_CODE, code);
	}
	err = zc_read_args(packet, syscalls[code - ZC_RPC_SYSCALLS].format, args);
	return err != 0 ? err : syscalls[code - ZC_RPC_SYSCALLS].call(args, packet);
}
