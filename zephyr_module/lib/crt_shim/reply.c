/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* What a packed function of the CRT returns. */

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include <tvm/runtime/c_backend_api.h>
#include <zephyr/sys/util.h>

#include <zephyr_counters/error.h>

#include "crt_shim.h"

/* Takes as many bytes as fit into a reply, after those that the host has. */
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

static void copy_bytes(struct zc_sink *sink, const uint8_t *data, size_t len)
{
	struct part_sink *out = CONTAINER_OF(sink, struct part_sink, sink);
	uint32_t skipped = (uint32_t)MIN(len, out->to_skip);

	out->to_skip -= skipped;
	len = MIN(len - skipped, ZC_CRT_REPLY_MAX - out->len);
	memcpy(&out->buffer[out->len], &data[skipped], len);
	out->len += len;
}

/* The server frees both pieces of memory when it has sent them. */
static int return_bytes(const struct zc_result *result, TVMValue *ret, int *ret_code)
{
	struct part_sink out = {.sink = {.write = copy_bytes}, .to_skip = result->offset};
	TVMByteArray *bytes = zc_crt_alloc(sizeof(*bytes));
	int err;

	out.buffer = zc_crt_alloc(ZC_CRT_REPLY_MAX);
	if (bytes == NULL || out.buffer == NULL) {
		err = zc_error(-ENOMEM, ZC_ERROR_REPLY_MEMORY, 0);
	} else {
		err = result->write(&out.sink, ZC_CRT_REPLY_MAX, result->number);
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

int zc_crt_return(const struct zc_result *result, TVMValue *ret, int *ret_code)
{
	if (result->write != NULL) {
		return return_bytes(result, ret, ret_code);
	}
	if (result->has_number) {
		ret->v_int64 = result->number;
		*ret_code = kTVMArgInt;
	}
	return 0;
}
