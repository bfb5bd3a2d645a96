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

#include <zephyr/sys/util.h>

#include <zephyr_counters/error.h>
#include <zephyr_counters/model.h>

#include "reply.h"
#include "rpc.h"

#define LOW(value)  ((uint32_t)(value))
#define HIGH(value) ((uint32_t)((uint64_t)(value) >> 32))

/* All fields are of 32 or 64 bits, so a head is written as words, sent as they are in memory. */
#define WORD_SIZE    sizeof(uint32_t)
#define LENGTH_FIELD 0, 0
#define LENGTH_SIZE  (2U * (uint32_t)WORD_SIZE)

static struct zc_session *session;

/* The first two words are the length, which is filled in here. */
static void begin(uint32_t *words, size_t num_words, uint32_t rest)
{
	uint32_t len = (uint32_t)(num_words * WORD_SIZE) + rest;

	words[0] = len - LENGTH_SIZE;
	zc_session_begin(session, len);
	zc_session_write(session, (const uint8_t *)words, num_words * WORD_SIZE);
}

static int send(uint32_t *words, size_t num_words, const void *data, size_t len)
{
	begin(words, num_words, (uint32_t)len);
	zc_session_write(session, data, len);
	zc_session_end(session);
	return ZC_ANSWERED;
}

void zc_reply_init(struct zc_session *s)
{
	session = s;
}

int zc_reply(enum tvm_ffi_type_index type, uintptr_t value)
{
	uint32_t words[] = {LENGTH_FIELD, ZC_RPC_RETURN, 1, type, LOW(value), HIGH(value)};

	return send(words, ARRAY_SIZE(words) - (type == TVM_FFI_NONE ? 2 : 0), NULL, 0);
}

void zc_reply_exception(int err)
{
	const char *text = zc_error_text();
	uint32_t words[] = {LENGTH_FIELD, ZC_RPC_EXCEPTION, 1, TVM_FFI_RAW_STR, 0, 0};

	if (text[0] == '\0') {
		(void)zc_error(err, ZC_ERROR_ERRNO, (uint32_t)-err);
	}
	words[5] = (uint32_t)strlen(text);
	(void)send(words, ARRAY_SIZE(words), text, words[5]);
}

int zc_reply_copy(const uint8_t *data, uint32_t len)
{
	uint32_t words[] = {LENGTH_FIELD, ZC_RPC_COPY_ACK};

	return send(words, ARRAY_SIZE(words), data, len);
}

int zc_return(enum tvm_ffi_type_index type, uintptr_t value)
{
	uint32_t value_type = type > TVM_FFI_STATIC_OBJECT_BEGIN ? TVM_FFI_OPAQUE_PTR : type;
	uint32_t words[] = {LENGTH_FIELD, ZC_RPC_RETURN, 2,          TVM_FFI_INT, type, 0,
			    value_type,   LOW(value),    HIGH(value)};

	return send(words, ARRAY_SIZE(words) - (type == TVM_FFI_NONE ? 2 : 0), NULL, 0);
}

static void begin_bytes(uint32_t len)
{
	uint32_t words[] = {LENGTH_FIELD,           ZC_RPC_RETURN, 2, TVM_FFI_INT, TVM_FFI_BYTES, 0,
			    TVM_FFI_BYTE_ARRAY_PTR, len,           0};

	begin(words, ARRAY_SIZE(words), len);
}

int zc_return_bytes(const uint8_t *data, uint32_t len)
{
	begin_bytes(len);
	zc_session_write(session, data, len);
	zc_session_end(session);
	return ZC_ANSWERED;
}

int zc_return_tensor(const uint32_t *type, const void *data, uint32_t handle)
{
	uint32_t ndim = ZC_TYPE_NDIM(type);
	uint32_t words[] = {LENGTH_FIELD,
			    ZC_RPC_RETURN,
			    3,
			    TVM_FFI_INT,
			    TVM_FFI_TENSOR,
			    0,
			    TVM_FFI_DLTENSOR_PTR,
			    LOW((uintptr_t)data),
			    HIGH((uintptr_t)data),
			    DL_DEVICE_CPU,
			    0,
			    ndim,
			    ZC_TYPE_DTYPE(type)};
	uint32_t rest[] = {0, 0, TVM_FFI_OPAQUE_PTR, handle, 0};

	begin(words, ARRAY_SIZE(words), ndim * (uint32_t)sizeof(uint64_t) + (uint32_t)sizeof(rest));
	for (uint32_t i = 1; i <= ndim; i++) {
		uint64_t extent = type[i];

		zc_session_write(session, (const uint8_t *)&extent, sizeof(extent));
	}
	zc_session_write(session, (const uint8_t *)rest, sizeof(rest));
	zc_session_end(session);
	return ZC_ANSWERED;
}

/* Counts the bytes, and from some byte on passes them to the session. */
struct reply_sink {
	struct zc_sink sink;
	uint32_t len;
	uint32_t offset;
	bool counts_only;
};

static void write_reply(struct zc_sink *sink, const uint8_t *data, size_t len)
{
	struct reply_sink *out = CONTAINER_OF(sink, struct reply_sink, sink);
	size_t skipped = MIN(len, out->offset);

	out->offset -= (uint32_t)skipped;
	len -= skipped;
	out->len += (uint32_t)len;
	if (!out->counts_only) {
		zc_session_write(session, data + skipped, len);
	}
}

static int write_result(const struct zc_result *result, bool counts_only, uint32_t *len)
{
	struct reply_sink out = {
		.sink = {.write = write_reply},
		.offset = result->offset,
		.counts_only = counts_only,
	};
	int err = result->write(&out.sink, ZC_RPC_MAX_BYTES, result->number);

	*len = out.len;
	return err;
}

int zc_return_result(const struct zc_result *result)
{
	uint32_t len;
	int err;

	if (result->has_number) {
		return zc_return(TVM_FFI_INT, result->number);
	}
	if (result->write == NULL) {
		return 0;
	}
	err = write_result(result, true, &len);
	if (err != 0) {
		return err;
	}
	begin_bytes(len);
	(void)write_result(result, false, &len);
	zc_session_end(session);
	return ZC_ANSWERED;
}
