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
#include <zephyr/toolchain.h>

#include <zephyr_counters/error.h>

#include "arena.h"
#include "reader.h"

#define EXTENT_SIZE sizeof(uint64_t)

static void fail(struct zc_reader *r, int err, const char *what, uint32_t number)
{
	if (r->err == 0) {
		r->err = zc_error_num(err, what, number);
	}
}

static void fail_arg(struct zc_reader *r, const char *what)
{
	fail(r, -EINVAL, what, r->args_read);
}

/* After an error zeros, if no more than a number was asked for, or else NULL. */
static const uint8_t *take(struct zc_reader *r, uint64_t len)
{
	static const uint8_t zeros[sizeof(uint64_t)];
	const uint8_t *at = r->at;

	if (len > r->left) {
		fail(r, -EBADMSG, "packet is cut short, bytes left", (uint32_t)r->left);
	}
	if (r->err != 0) {
		return len <= sizeof(zeros) ? zeros : NULL;
	}
	r->at += len;
	r->left -= (size_t)len;
	return at;
}

uint32_t zc_read_u32(struct zc_reader *reader)
{
	return sys_get_le32(take(reader, sizeof(uint32_t)));
}

uint64_t zc_read_u64(struct zc_reader *reader)
{
	return sys_get_le64(take(reader, sizeof(uint64_t)));
}

struct zc_span zc_read_span(struct zc_reader *reader)
{
	uint64_t len = zc_read_u64(reader);
	const uint8_t *data = take(reader, len);

	return (struct zc_span){.data = data, .len = reader->err == 0 ? (size_t)len : 0};
}

bool zc_span_is(const struct zc_span *span, const char *text)
{
	return span->len == strlen(text) && memcmp(span->data, text, span->len) == 0;
}

int zc_read_end(struct zc_reader *reader)
{
	if (reader->args_left != 0) {
		fail(reader, -EINVAL, "too many arguments, expected", reader->args_read);
	}
	if (reader->left != 0) {
		fail(reader, -EBADMSG, "packet is too long, bytes left", (uint32_t)reader->left);
	}
	return reader->err;
}

static bool read_is_cpu(struct zc_reader *r)
{
	uint32_t type = zc_read_u32(r);
	uint32_t id = zc_read_u32(r);

	return type == DL_DEVICE_CPU && id == 0;
}

static void read_cpu(struct zc_reader *r)
{
	if (!read_is_cpu(r)) {
		fail(r, -ENODEV, "there is no device but cpu", 0);
	}
}

static DLDataType read_dtype(struct zc_reader *r)
{
	const uint8_t *at = take(r, sizeof(DLDataType));

	return (DLDataType){.code = at[0], .bits = at[1], .lanes = sys_get_le16(&at[2])};
}

/* Extents and all products are below 2^32, so that no product of two numbers here overflows. */
static uint32_t measure(struct zc_reader *r, const struct zc_tensor *tensor)
{
	uint64_t elements = 1;
	uint64_t size;

	for (uint32_t i = 0; r->err == 0 && i < tensor->ndim; i++) {
		uint64_t extent = sys_get_le64(&tensor->shape[i * EXTENT_SIZE]);

		elements = extent > UINT32_MAX ? extent : elements * extent;
		if (elements > UINT32_MAX) {
			fail(r, -EINVAL, "tensor is too large in dimension", i);
		}
	}
	size = (elements * ((uint32_t)tensor->dtype.bits * tensor->dtype.lanes) + 7) / 8;
	if (tensor->dtype.bits == 0 || tensor->dtype.lanes == 0 || size > UINT32_MAX) {
		fail(r, -EINVAL, "tensor has no valid dtype, code", tensor->dtype.code);
	}
	return (uint32_t)size;
}

struct zc_tensor zc_read_tensor(struct zc_reader *reader)
{
	struct zc_tensor tensor;
	uint64_t offset;

	tensor.begin = zc_arena_offset(zc_read_u64(reader));
	read_cpu(reader);
	tensor.ndim = zc_read_u32(reader);
	tensor.dtype = read_dtype(reader);
	tensor.shape = take(reader, (uint64_t)tensor.ndim * EXTENT_SIZE);
	offset = zc_read_u64(reader);
	tensor.offset = offset > UINT32_MAX ? UINT32_MAX : (uint32_t)offset;
	tensor.size = measure(reader, &tensor);
	return tensor;
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

struct zc_tensor zc_read_tensor_arg(struct zc_reader *reader)
{
	expect(reader, next_type(reader) == TVM_FFI_DLTENSOR_PTR);
	return zc_read_tensor(reader);
}

static uint32_t read_number(struct zc_reader *r, uint32_t type)
{
	uint64_t number;

	expect(r, type == TVM_FFI_INT || type == TVM_FFI_BOOL);
	number = zc_read_u64(r);
	if (number > UINT32_MAX) {
		fail_arg(r, "out of range: argument");
	}
	return (uint32_t)number;
}

static uint64_t read_handle(struct zc_reader *r, uint32_t type)
{
	if (type == TVM_FFI_NONE) {
		return 0;
	}
	expect(r, type == TVM_FFI_OPAQUE_PTR || type == TVM_FFI_FUNCTION ||
			  type == TVM_FFI_MODULE);
	return zc_read_u64(r);
}

/* `plain` is the type of a value, `object` that of the same as an object. */
static struct zc_span read_string(struct zc_reader *r, uint32_t type, uint32_t plain,
				  uint32_t object)
{
	bool is_object = type == TVM_FFI_SMALL_STR || type == TVM_FFI_SMALL_BYTES ||
			 type == TVM_FFI_STR || type == TVM_FFI_BYTES;

	expect(r, is_object ? zc_read_u32(r) == object : type == plain);
	return zc_read_span(r);
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
		arg->span = read_string(r, type, TVM_FFI_RAW_STR, TVM_FFI_STR);
		break;
	case 'b':
		arg->span = read_string(r, type, TVM_FFI_BYTE_ARRAY_PTR, TVM_FFI_BYTES);
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
		arg->tensor = zc_read_tensor(r);
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

static bool is_like(const struct zc_tensor *tensor, const DLTensor *like)
{
	bool same = tensor->ndim == (uint32_t)like->ndim && tensor->dtype.code == like->dtype.code &&
		    tensor->dtype.bits == like->dtype.bits &&
		    tensor->dtype.lanes == like->dtype.lanes;

	for (uint32_t i = 0; same && i < tensor->ndim; i++) {
		same = sys_get_le64(&tensor->shape[i * EXTENT_SIZE]) == (uint64_t)like->shape[i];
	}
	return same;
}

int zc_tensor_locate(const struct zc_tensor *tensor, const DLTensor *like, uint8_t **data)
{
	uint32_t alignment = tensor->dtype.bits / 8U;
	int err = zc_arena_locate(tensor->begin, tensor->offset, tensor->size, data);

	if (err != 0) {
		return err;
	}
	if (like != NULL && !is_like(tensor, like)) {
		return zc_error(-EINVAL, "tensor of another shape or dtype", NULL, 0);
	}
	if (alignment > 1 && (uintptr_t)*data % alignment != 0) {
		return zc_error_num(-EINVAL, "tensor is not aligned to", alignment);
	}
	return 0;
}
