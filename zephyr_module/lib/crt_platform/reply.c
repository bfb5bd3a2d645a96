/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* Bytes as what a packed function of the CRT returns. */

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <tvm/runtime/c_backend_api.h>
#include <zephyr/sys/util.h>

#include <zephyr_counters/error.h>

#include "crt_platform.h"

/* Takes the bytes from `first` to `last`, as soon as there is a buffer, and counts all. */
struct part_sink {
	struct zc_sink sink;
	uint8_t *buffer;
	size_t first;
	size_t last;
	size_t len;
};

int zc_crt_fail(void)
{
	TVMAPISetLastError(zc_error_text());
	return -1;
}

static void count_bytes(struct zc_sink *sink, const uint8_t *data, size_t len)
{
	ARG_UNUSED(data);
	CONTAINER_OF(sink, struct part_sink, sink)->len += len;
}

static void copy_bytes(struct zc_sink *sink, const uint8_t *data, size_t len)
{
	struct part_sink *out = CONTAINER_OF(sink, struct part_sink, sink);
	size_t begin = MAX(out->first, out->len);
	size_t end = MIN(out->last, out->len + len);

	if (begin < end) {
		memcpy(&out->buffer[begin - out->first], &data[begin - out->len], end - begin);
	}
	out->len += len;
}

/* The server gives both pieces of memory back when it has sent them. */
static int return_bytes(uint8_t *data, size_t len, TVMValue *ret, int *ret_code)
{
	TVMByteArray *bytes = zc_crt_alloc(sizeof(*bytes));

	if (bytes == NULL) {
		zc_crt_free(data);
		(void)zc_error(-ENOMEM, "no memory for a reply", NULL, 0);
		return zc_crt_fail();
	}
	bytes->data = (const char *)data;
	bytes->size = len;
	ret->v_handle = bytes;
	*ret_code = kTVMBytes;
	return 0;
}

static bool is_offset(const TVMValue *args, const int *type_codes, int num_args)
{
	return num_args == 0 || (num_args == 1 && type_codes[0] == kTVMArgInt &&
				 args[0].v_int64 >= 0 && args[0].v_int64 <= INT32_MAX);
}

int zc_crt_return_part(int (*write)(struct zc_sink *sink), const TVMValue *args,
		       const int *type_codes, int num_args, TVMValue *ret, int *ret_code)
{
	struct part_sink out = {.sink = {.write = count_bytes}};

	if (!is_offset(args, type_codes, num_args)) {
		(void)zc_error(-EINVAL, "the only argument is an offset", NULL, 0);
		return zc_crt_fail();
	}
	if (write(&out.sink) != 0) {
		return zc_crt_fail();
	}
	out.first = num_args == 0 ? 0U : MIN((size_t)args[0].v_int64, out.len);
	out.last = MIN(out.first + ZC_CRT_REPLY_MAX, out.len);
	out.buffer = zc_crt_alloc(out.last - out.first + 1U);
	if (out.buffer == NULL) {
		(void)zc_error_num(-ENOMEM, "no memory for a reply of bytes",
				   (uint32_t)(out.last - out.first));
		return zc_crt_fail();
	}
	out.sink.write = copy_bytes;
	out.len = 0;
	(void)write(&out.sink);
	return return_bytes(out.buffer, out.last - out.first, ret, ret_code);
}
