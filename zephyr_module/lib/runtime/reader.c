/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * The packed sequence of TVM's RPC protocol 0.8.0. All numbers are little-endian.
 *
 *   sequence = count *argument             ; count and types are 32 bits
 *   argument = 0                           ; None
 *            / 1 int64 / 2 int64 / 3 float64
 *            / 4 handle64                  ; opaque pointer
 *            / 5 dtype pad32               ; code8 bits8 lanes16
 *            / 6 device                    ; type32 id32
 *            / 7 tensor                    ; DLTensor
 *            / 8 len64 *byte               ; text
 *            / 9 len64 *byte               ; bytes
 *            / 68 handle64 / 73 handle64   ; function, module
 *            / object-type object          ; 11, 12 and all else from 64 on
 *   object   = 65 len64 *byte              ; text
 *            / 66 len64 *byte              ; bytes
 *   tensor   = data64 device ndim32 dtype ndim*extent64 offset64
 */

#include <errno.h>
#include <string.h>

#include <zephyr/sys/byteorder.h>
#include <zephyr/sys/util.h>
#include <zephyr/toolchain.h>

#include <zephyr_counters/error.h>

#include "arena.h"
#include "reader.h"
#include "refuse.h"

#define EXTENT_SIZE sizeof(uint64_t)
/* So that the size of a shape fits into any size_t. */
#define MAX_NDIM    1024U

static void fail(struct zc_reader *r, const char *what, uint32_t number)
{
	if (r->err == 0) {
		r->err = zc_error_num(-EINVAL, what, number);
	}
}

static void fail_arg(struct zc_reader *r, const char *what)
{
	fail(r, what, r->args_read);
}

/* After an error zeros, if no more than a number was asked for, or else NULL. */
static const uint8_t *take(struct zc_reader *r, size_t len)
{
	static const uint8_t zeros[sizeof(uint64_t)];
	const uint8_t *at = r->at;

	if (len > r->left) {
		fail(r, "packet is too short, bytes left", (uint32_t)r->left);
	}
	if (r->err != 0) {
		return len <= sizeof(zeros) ? zeros : NULL;
	}
	r->at += len;
	r->left -= len;
	return at;
}

uint32_t zc_read_u32(struct zc_reader *reader)
{
	return sys_get_le32(take(reader, sizeof(uint32_t)));
}

static uintptr_t to_pointer_size(const uint8_t *at)
{
	uint64_t value = sys_get_le64(at);

	return value > UINTPTR_MAX ? UINTPTR_MAX : (uintptr_t)value;
}

uintptr_t zc_read_u64(struct zc_reader *reader)
{
	return to_pointer_size(take(reader, sizeof(uint64_t)));
}

void zc_read_span(struct zc_reader *reader, struct zc_span *span)
{
	span->len = zc_read_u64(reader);
	span->data = take(reader, span->len);
}

bool zc_span_is(const struct zc_span *span, const char *text)
{
	return span->len == strlen(text) && memcmp(span->data, text, span->len) == 0;
}

int zc_read_end(struct zc_reader *reader)
{
	if (reader->args_left != 0) {
		fail(reader, "too many arguments, expected", reader->args_read);
	}
	if (reader->left != 0) {
		fail(reader, "packet is too long, bytes left", (uint32_t)reader->left);
	}
	return reader->err;
}

static bool read_is_cpu(struct zc_reader *r)
{
	uint32_t type = zc_read_u32(r);

	return zc_read_u32(r) == 0 && type == DL_DEVICE_CPU;
}

static void read_cpu(struct zc_reader *r)
{
	if (!read_is_cpu(r)) {
		fail(r, "no device but cpu", 0);
	}
}

/* All factors and products are checked to be below 2^32, so no product here overflows. */
static uint32_t measure(struct zc_reader *r, const struct zc_tensor *tensor)
{
	uint64_t product = (uint32_t)tensor->dtype.bits * tensor->dtype.lanes;

	if (product == 0) {
		fail(r, "dtype without bits, code", tensor->dtype.code);
	}
	for (uint32_t i = 0; r->err == 0 && i < tensor->ndim; i++) {
		uintptr_t extent = to_pointer_size(&tensor->shape[i * EXTENT_SIZE]);

		if (extent < UINT32_MAX) {
			product *= extent;
		}
		if (extent >= UINT32_MAX || product > UINT32_MAX) {
			fail(r, "tensor is too large in dimension", i);
		}
	}
	return (uint32_t)((product + 7U) / 8U);
}

void zc_read_tensor(struct zc_reader *reader, struct zc_tensor *tensor)
{
	uintptr_t offset;

	tensor->address = zc_read_u64(reader);
	read_cpu(reader);
	tensor->ndim = zc_read_u32(reader);
	memcpy(&tensor->dtype, take(reader, sizeof(tensor->dtype)), sizeof(tensor->dtype));
	if (tensor->ndim > MAX_NDIM) {
		fail(reader, "tensor has too many dimensions", tensor->ndim);
	}
	tensor->shape = take(reader, tensor->ndim * EXTENT_SIZE);
	offset = zc_read_u64(reader);
	tensor->offset = (uint32_t)MIN(offset, UINT32_MAX);
	tensor->size = measure(reader, tensor);
}

static uint32_t next_type(struct zc_reader *r)
{
	r->args_read++;
	if (r->args_left == 0) {
		fail_arg(r, "too few arguments, missing");
		return TVM_FFI_NONE;
	}
	r->args_left--;
	return zc_read_u32(r);
}

static void expect(struct zc_reader *r, bool expected)
{
	if (!expected) {
		fail_arg(r, "wrong type of argument");
	}
}

void zc_read_tensor_arg(struct zc_reader *reader, struct zc_tensor *tensor)
{
	expect(reader, next_type(reader) == TVM_FFI_DLTENSOR_PTR);
	zc_read_tensor(reader, tensor);
}

static uint32_t read_number(struct zc_reader *r, uint32_t type)
{
	uintptr_t number;

	expect(r, type == TVM_FFI_INT || type == TVM_FFI_BOOL);
	number = zc_read_u64(r);
	if (number >= UINT32_MAX) {
		fail_arg(r, "out of range: argument");
	}
	return (uint32_t)number;
}

static uintptr_t read_handle(struct zc_reader *r, uint32_t type)
{
	if (type == TVM_FFI_NONE) {
		return 0;
	}
	expect(r, type == TVM_FFI_OPAQUE_PTR || type == TVM_FFI_FUNCTION ||
			  type == TVM_FFI_MODULE);
	return zc_read_u64(r);
}

/* `plain` is the type of a value, `object` that of the same as an object. */
static void read_string(struct zc_reader *r, uint32_t type, uint32_t plain, uint32_t object,
			struct zc_span *span)
{
	bool is_object = type == TVM_FFI_SMALL_STR || type == TVM_FFI_SMALL_BYTES ||
			 type == TVM_FFI_STR || type == TVM_FFI_BYTES;

	expect(r, is_object ? zc_read_u32(r) == object : type == plain);
	zc_read_span(r, span);
}

static void read_arg(struct zc_reader *r, char format, union zc_arg *arg)
{
	uint32_t type = next_type(r);

	switch (format) {
	case 'i':
		arg->number = read_number(r, type);
		break;
	case 'h':
		arg->handle = read_handle(r, type);
		break;
	case 'S':
		if (type == TVM_FFI_NONE) {
			arg->span.len = 0;
			break;
		}
		__fallthrough;
	case 's':
		read_string(r, type, TVM_FFI_RAW_STR, TVM_FFI_STR, &arg->span);
		break;
	case 'b':
		read_string(r, type, TVM_FFI_BYTE_ARRAY_PTR, TVM_FFI_BYTES, &arg->span);
		break;
	case 't':
		/* A hint; it and its padding are as long as a number. */
		expect(r, type == TVM_FFI_DTYPE);
		(void)zc_read_u64(r);
		break;
	case 'd':
		expect(r, type == TVM_FFI_DEVICE);
		read_cpu(r);
		break;
	case 'D':
		expect(r, type == TVM_FFI_DEVICE);
		arg->number = read_is_cpu(r);
		break;
	default:
		expect(r, type == TVM_FFI_DLTENSOR_PTR);
		zc_read_tensor(r, &arg->tensor);
		break;
	}
}

int zc_read_args(struct zc_reader *reader, const char *format, union zc_arg *args)
{
	reader->args_left = zc_read_u32(reader);
	for (; reader->err == 0 && *format != '\0'; format++) {
		if (*format == '*') {
			return 0;
		}
		if (*format != '?') {
			read_arg(reader, *format, args++);
		} else if (reader->args_left == 0) {
			break;
		}
	}
	return zc_read_end(reader);
}

/* The packet's bytes and this memory hold the same: BUILD_ASSERT in rpc.h. */
static bool is_like(const struct zc_tensor *tensor, const DLTensor *like)
{
	return tensor->ndim == (uint32_t)like->ndim &&
	       memcmp(&tensor->dtype, &like->dtype, sizeof(like->dtype)) == 0 &&
	       (tensor->ndim == 0 ||
		memcmp(tensor->shape, like->shape, tensor->ndim * EXTENT_SIZE) == 0);
}

int zc_tensor_locate(const struct zc_tensor *tensor, const DLTensor *like, uint8_t **data)
{
	int err = zc_arena_locate(tensor->address, tensor->offset, tensor->size, data);

	if (err != 0) {
		return err;
	}
	if (like != NULL && !is_like(tensor, like)) {
		return zc_refuse("tensor of another shape or dtype");
	}
	if (((uintptr_t)*data & (tensor->dtype.bits / 8U - 1U) & (ZC_ARENA_ALIGNMENT - 1U)) != 0 &&
	    tensor->dtype.bits >= 8U) {
		return zc_refuse("tensor is not aligned");
	}
	return 0;
}
