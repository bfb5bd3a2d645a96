/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* Bytes as what a packed function of the CRT returns. */

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include <tvm/runtime/c_backend_api.h>
#include <zephyr/sys/util.h>

#include <zephyr_counters/error.h>

#include "crt_platform.h"

/* Takes as many bytes as fit into a reply, behind those that the host has. */
struct part_sink {
	struct zc_sink sink;
	uint8_t *buffer;
	uint32_t to_skip;
	size_t len;
};

int zc_crt_fail(void)
{
	TVMAPISetLastError(zc_error_text());
	return -1;
}

int zc_crt_refuse(const char *what)
{
	(void)zc_error(-EINVAL, what, NULL, 0);
	return zc_crt_fail();
}

int64_t zc_crt_number(const TVMValue *args, const int *type_codes, int num_args, uint32_t most)
{
	if (num_args != 1 || type_codes[0] != kTVMArgInt || (uint64_t)args[0].v_int64 > most) {
		(void)zc_error_num(-EINVAL, "takes one number, up to", most);
		return zc_crt_fail();
	}
	return args[0].v_int64;
}

static void copy_bytes(struct zc_sink *sink, const uint8_t *data, size_t len)
{
	struct part_sink *out = CONTAINER_OF(sink, struct part_sink, sink);
	uint32_t skipped = (uint32_t)MIN(len, out->to_skip);

	out->to_skip -= skipped;
	len = MIN(len - skipped, ZC_CRT_REPLY_MAX - out->len);
	memcpy(&out->buffer[out->len], &data[skipped], len);
	out->len += len;
}

/* The server gives both pieces of memory back when it has sent them. */
int zc_crt_return_part(const TVMValue *args, const int *type_codes, int num_args, TVMValue *ret,
		       int *ret_code, int (*write)(struct zc_sink *sink))
{
	struct part_sink out = {.sink = {.write = copy_bytes}};
	int64_t offset = 0;
	TVMByteArray *bytes;
	int err;

	if (num_args != 0) {
		offset = zc_crt_number(args, type_codes, num_args, INT32_MAX);
	}
	if (offset < 0) {
		return -1;
	}
	out.to_skip = (uint32_t)offset;
	bytes = zc_crt_alloc(sizeof(*bytes));
	out.buffer = zc_crt_alloc(ZC_CRT_REPLY_MAX);
	if (bytes == NULL || out.buffer == NULL) {
		err = zc_error(-ENOMEM, "no memory for a reply", NULL, 0);
	} else {
		err = write(&out.sink);
	}
	if (err != 0) {
		zc_crt_free(out.buffer);
		zc_crt_free(bytes);
		return zc_crt_fail();
	}
	bytes->data = (const char *)out.buffer;
	bytes->size = out.len;
	ret->v_handle = bytes;
	*ret_code = kTVMBytes;
	return 0;
}
