/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* hwcnt.* as packed functions of the CRT. */

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include <tvm/runtime/c_backend_api.h>
#include <tvm/runtime/crt/platform.h>
#include <zephyr/sys/util.h>
#include <zephyr/toolchain.h>

#include <zephyr_counters/counters.h>
#include <zephyr_counters/error.h>

#include "crt_platform.h"

/*
 * Of a reply besides its bytes: frame, session and packet headers, type codes, length. As
 * microtvm_rpc_common and rpc_reference.h of TVM 0.18 lay it out, rounded up.
 */
#define REPLY_OVERHEAD 128

#define ARGS TVMValue *args, int *type_codes, int num_args, TVMValue *ret, int *ret_code, void *own

/* First only counts, then writes. */
struct buffer_sink {
	struct zc_sink sink;
	uint8_t *buffer;
	size_t len;
};

int zc_crt_fail(void)
{
	TVMAPISetLastError(zc_error_text());
	return -1;
}

static int refuse(const char *what)
{
	(void)zc_error(-EINVAL, what, NULL, 0);
	return zc_crt_fail();
}

static void count_bytes(struct zc_sink *sink, const uint8_t *data, size_t len)
{
	ARG_UNUSED(data);
	CONTAINER_OF(sink, struct buffer_sink, sink)->len += len;
}

static void copy_bytes(struct zc_sink *sink, const uint8_t *data, size_t len)
{
	struct buffer_sink *out = CONTAINER_OF(sink, struct buffer_sink, sink);

	memcpy(&out->buffer[out->len], data, len);
	out->len += len;
}

/* The server gives both pieces of memory back when it has sent them. */
static int return_bytes(int (*write)(struct zc_sink *sink), TVMValue *ret, int *ret_code)
{
	struct buffer_sink out = {.sink = {.write = count_bytes}};
	TVMByteArray *bytes;

	if (write(&out.sink) != 0) {
		return zc_crt_fail();
	}
	bytes = zc_crt_alloc(sizeof(*bytes));
	out.buffer = zc_crt_alloc(out.len);
	if (bytes == NULL || out.buffer == NULL) {
		zc_crt_free(bytes);
		zc_crt_free(out.buffer);
		(void)zc_error_num(-ENOMEM, "no memory for a reply of bytes", (uint32_t)out.len);
		return zc_crt_fail();
	}
	out.sink.write = copy_bytes;
	out.len = 0;
	(void)write(&out.sink);
	bytes->data = (const char *)out.buffer;
	bytes->size = out.len;
	ret->v_handle = bytes;
	*ret_code = kTVMBytes;
	return 0;
}

static int write_catalog(struct zc_sink *sink)
{
	zc_counters_write_catalog(sink);
	return 0;
}

static int write_records(struct zc_sink *sink)
{
	return zc_counters_write_records(sink, CONFIG_ZC_PACKET_SIZE - REPLY_OVERHEAD);
}

/*
 * What a session asks first. If the one before ended inside a region, or before a reply with
 * records arrived, the records are kept for this one.
 */
static int catalog(ARGS)
{
	ARG_UNUSED(args);
	ARG_UNUSED(type_codes);
	ARG_UNUSED(own);
	if (num_args != 0) {
		return refuse("hwcnt.catalog takes no argument");
	}
	zc_crt_timer_reset();
	zc_counters_abort();
	zc_counters_not_taken();
	return return_bytes(write_catalog, ret, ret_code);
}

static int select_counters(ARGS)
{
	const TVMByteArray *bytes;

	ARG_UNUSED(ret);
	ARG_UNUSED(ret_code);
	ARG_UNUSED(own);
	if (num_args != 1 || type_codes[0] != kTVMBytes) {
		return refuse("hwcnt.select takes bytes");
	}
	zc_crt_timer_reset();
	bytes = args[0].v_handle;
	if (zc_counters_select((const uint8_t *)bytes->data, bytes->size) != 0) {
		return zc_crt_fail();
	}
	zc_crt_evaluator_restart();
	return 0;
}

static int begin(ARGS)
{
	ARG_UNUSED(ret);
	ARG_UNUSED(ret_code);
	ARG_UNUSED(own);
	if (num_args != 1 || type_codes[0] != kTVMArgInt || args[0].v_int64 < 0 ||
	    args[0].v_int64 > UINT32_MAX) {
		return refuse("hwcnt.begin takes a tag of 32 bits");
	}
	zc_crt_timer_reset();
	zc_counters_taken();
	if (zc_counters_begin((uint32_t)args[0].v_int64, ZC_ORIGIN_USER, 0) != 0) {
		return refuse("two regions are open already");
	}
	return 0;
}

static int end(ARGS)
{
	int err;

	ARG_UNUSED(args);
	ARG_UNUSED(type_codes);
	ARG_UNUSED(ret);
	ARG_UNUSED(ret_code);
	ARG_UNUSED(own);
	if (num_args != 0) {
		return refuse("hwcnt.end takes no argument");
	}
	zc_crt_timer_reset();
	err = zc_counters_end(0, NULL);
	/* A record that found no room was counted as dropped, and the host is told so. */
	return err == 0 || err == -ENOBUFS ? 0 : zc_crt_fail();
}

/* The records go when the next is asked for: by then this reply has arrived. */
static int take(ARGS)
{
	ARG_UNUSED(args);
	ARG_UNUSED(type_codes);
	ARG_UNUSED(own);
	if (num_args != 0) {
		return refuse("hwcnt.take takes no argument");
	}
	zc_crt_timer_reset();
	zc_counters_taken();
	return return_bytes(write_records, ret, ret_code);
}

tvm_crt_error_t zc_crt_register_counters(void)
{
	static const struct {
		const char *name;
		TVMBackendPackedCFunc call;
	} functions[] = {
		{"hwcnt.catalog", catalog}, {"hwcnt.select", select_counters},
		{"hwcnt.begin", begin},     {"hwcnt.end", end},
		{"hwcnt.take", take},
	};
	int err = 0;

	for (size_t i = 0; err == 0 && i < ARRAY_SIZE(functions); i++) {
		err = TVMFuncRegisterGlobal(functions[i].name,
					    (TVMFunctionHandle)(uintptr_t)functions[i].call, 0);
	}
	return (tvm_crt_error_t)err;
}
