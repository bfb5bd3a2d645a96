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

#include <zephyr_counters/error.h>
#include <zephyr_counters/model.h>

#include "arena.h"
#include "reader.h"
#include "refuse.h"

#define EXTENT_SIZE sizeof(uint64_t)
/* A shape of more never fits into a packet, and the size of one fits into any size_t. */
#define MAX_NDIM (CONFIG_ZC_PACKET_SIZE / EXTENT_SIZE)

static void fail(struct zc_reader *r, enum zc_error_number number, uint32_t argument)
{
	if (r->err == 0) {
		r->err = zc_error(-EINVAL, number, argument);
	}
}

static void fail_arg(struct zc_reader *r, enum zc_error_number number)
{
	fail(r, number, r->args_read);
}

/* After an error zeros, if no more than a number was asked for, or else NULL. */
static const uint8_t *take(struct zc_reader *r, size_t len)
{
	static const uint8_t zeros[sizeof(uint64_t)];
	const uint8_t *at = r->at;

	if (len > r->left) {
		fail(r, ZC_ERROR_PACKET_LENGTH, (uint32_t)r->left);
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
		fail_arg(reader, ZC_ERROR_ARGUMENT_NUMBER);
	}
	if (reader->left != 0) {
		fail(reader, ZC_ERROR_PACKET_LENGTH, (uint32_t)reader->left);
	}
	return reader->err;
}

/* A device is two numbers of 32 bits, type and id: that of the CPU as one is its type. */
static uintptr_t read_cpu(struct zc_reader *r)
{
	uintptr_t device = zc_read_u64(r);

	if (device != DL_DEVICE_CPU) {
		fail(r, ZC_ERROR_DEVICE_UNKNOWN, 0);
	}
	return device;
}

/* All factors and products are checked to be below 2^32, so no product here overflows. */
static uint32_t measure(struct zc_reader *r, const struct zc_tensor *tensor)
{
	uint64_t product = (uint32_t)tensor->dtype.bits * tensor->dtype.lanes;

	if (product == 0) {
		fail(r, ZC_ERROR_DTYPE_INVALID, tensor->dtype.code);
	}
	for (uint32_t i = 0; r->err == 0 && i < tensor->ndim; i++) {
		uintptr_t extent = to_pointer_size(&tensor->shape[i * EXTENT_SIZE]);

		if (extent < UINT32_MAX) {
			product *= extent;
		}
		if (extent >= UINT32_MAX || product > UINT32_MAX) {
			fail(r, ZC_ERROR_SHAPE_INVALID, i);
		}
	}
	return (uint32_t)((product + 7U) / 8U);
}

void zc_read_tensor(struct zc_reader *reader, struct zc_tensor *tensor)
{
	uintptr_t offset;

	tensor->address = zc_read_u64(reader);
	(void)read_cpu(reader);
	tensor->ndim = zc_read_u32(reader);
	memcpy(&tensor->dtype, take(reader, sizeof(tensor->dtype)), sizeof(tensor->dtype));
	tensor->shape = take(reader, MIN(tensor->ndim, MAX_NDIM) * EXTENT_SIZE);
	offset = zc_read_u64(reader);
	tensor->offset = (uint32_t)MIN(offset, UINT32_MAX);
	tensor->size = measure(reader, tensor);
}

static uint32_t next_type(struct zc_reader *r)
{
	r->args_read++;
	if (r->args_left == 0) {
		fail_arg(r, ZC_ERROR_ARGUMENT_NUMBER);
		return TVM_FFI_NONE;
	}
	r->args_left--;
	return zc_read_u32(r);
}

static void expect(struct zc_reader *r, bool expected)
{
	if (!expected) {
		fail_arg(r, ZC_ERROR_ARGUMENT_TYPE);
	}
}

void zc_read_tensor_arg(struct zc_reader *reader, struct zc_tensor *tensor)
{
	expect(reader, next_type(reader) == TVM_FFI_DLTENSOR_PTR);
	zc_read_tensor(reader, tensor);
}

/* `plain` is the type of a value, `object` that of the same as an object. */
static void read_string(struct zc_reader *r, uint32_t type, uint32_t plain, uint32_t object,
			struct zc_span *span)
{
	/* Types after the plain values are objects, which repeat their type. */
	bool is_object = type > TVM_FFI_BYTE_ARRAY_PTR;

	expect(r, is_object ? zc_read_u32(r) == object : type == plain);
	zc_read_span(r, span);
}

/* All of these are 64 bits: number, handle, device, or dtype and padding. */
static uintptr_t read_word(struct zc_reader *r, uint32_t type, char format)
{
	uintptr_t word;

	switch (format) {
	case 'i':
		expect(r, type == TVM_FFI_INT || type == TVM_FFI_BOOL);
		word = zc_read_u64(r);
		expect(r, word < UINT32_MAX);
		return word;
	case 't':
		expect(r, type == TVM_FFI_DTYPE);
		return zc_read_u64(r);
	case 'd':
		expect(r, type == TVM_FFI_DEVICE);
		return read_cpu(r);
	case 'D':
		expect(r, type == TVM_FFI_DEVICE);
		return zc_read_u64(r);
	default:
		if (type == TVM_FFI_NONE) {
			return 0;
		}
		expect(r, type == TVM_FFI_OPAQUE_PTR || type == TVM_FFI_FUNCTION ||
				  type == TVM_FFI_MODULE);
		return zc_read_u64(r);
	}
}

static void read_arg(struct zc_reader *r, char format, union zc_arg *arg)
{
	uint32_t type;

	if (format == 'T') {
		zc_read_tensor_arg(r, &arg->tensor);
		return;
	}
	type = next_type(r);
	if (format == 'S' && type == TVM_FFI_NONE) {
		return;
	}
	if (format == 's' || format == 'S') {
		read_string(r, type, TVM_FFI_RAW_STR, TVM_FFI_STR, &arg->span);
	} else if (format == 'b') {
		read_string(r, type, TVM_FFI_BYTE_ARRAY_PTR, TVM_FFI_BYTES, &arg->span);
	} else {
		arg->word = read_word(r, type, format);
	}
}

int zc_read_args(struct zc_reader *reader, const char *format, union zc_arg *args)
{
	memset(args, 0, ZC_MAX_ARGS * sizeof(*args));
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
static bool is_like(const struct zc_tensor *tensor, const uint32_t *type)
{
	uint32_t dtype;

	memcpy(&dtype, &tensor->dtype, sizeof(dtype));
	if (tensor->ndim != ZC_TYPE_NDIM(type) || dtype != ZC_TYPE_DTYPE(type)) {
		return false;
	}
	for (uint32_t i = 0; i < tensor->ndim; i++) {
		uint64_t extent;

		memcpy(&extent, &tensor->shape[i * EXTENT_SIZE], sizeof(extent));
		if (extent != type[1 + i]) {
			return false;
		}
	}
	return true;
}

int zc_tensor_locate(const struct zc_tensor *tensor, const uint32_t *type, uint8_t **data)
{
	int err = zc_arena_locate(tensor->address, tensor->offset, tensor->size, data);

	if (err != 0 || type == NULL) {
		return err;
	}
	if (!is_like(tensor, type)) {
		return zc_refuse(ZC_ERROR_TENSOR_MISMATCH);
	}
	if (((uintptr_t)*data & (ZC_TYPE_BITS(type) / 8U - 1U) & (ZC_ARENA_ALIGNMENT - 1U)) != 0) {
		return zc_refuse(ZC_ERROR_TENSOR_ALIGNMENT);
	}
	return 0;
}
