/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Read what a packet brings, and check it.
 *
 * After an error all reads return zeros; `err` holds it, and zc_error() was called.
 */

#ifndef ZC_RPC_READER_H_
#define ZC_RPC_READER_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <zephyr_counters/ffi_abi.h>
#include <zephyr_counters/function.h>

struct zc_reader {
	const uint8_t *at;
	size_t left;
	/** Arguments not yet read, and how many were. */
	uint32_t args_left;
	uint32_t args_read;
	int err;
};

/** @brief Whether it is the same as a terminated text. */
bool zc_span_is(const struct zc_span *span, const char *text);

/** A tensor as a packet describes it. */
struct zc_tensor {
	/** As of zc_arena_locate(); `size` is that of the whole tensor. */
	uintptr_t address;
	uint32_t offset;
	uint32_t size;
	uint32_t ndim;
	DLDataType dtype;
	/** ndim times int64, little-endian, unaligned. */
	const uint8_t *shape;
};

/** An argument. */
union zc_arg {
	/** All but strings and tensors. */
	uintptr_t word;
	struct zc_span span;
	struct zc_tensor tensor;
	/** As a zc_function gets it. */
	union zc_value value;
};

/** The most arguments that a format for zc_read_args() names. */
#define ZC_MAX_ARGS 12

uint32_t zc_read_u32(struct zc_reader *reader);
/** 64 bits; what is too large for a pointer becomes UINTPTR_MAX, which is never valid. */
uintptr_t zc_read_u64(struct zc_reader *reader);
/** Bytes after their 64-bit length. */
void zc_read_span(struct zc_reader *reader, struct zc_span *span);
void zc_read_tensor(struct zc_reader *reader, struct zc_tensor *tensor);
/** @brief An argument that is a tensor. */
void zc_read_tensor_arg(struct zc_reader *reader, struct zc_tensor *tensor);
/** @brief All arguments and bytes must have been read. @return 0 or -errno */
int zc_read_end(struct zc_reader *reader);

/**
 * @brief Read the arguments of a packed sequence.
 * @param format a letter for each argument: i integer or boolean, 0 to UINT32_MAX - 1; h opaque
 * pointer, function or module, 0 for None; s text; S text, empty for None; b bytes; t dtype; d
 * device, which must be the CPU; D any device, DL_DEVICE_CPU for the CPU; T tensor; ? no argument:
 * what follows may be left out; * no argument: what follows is not read yet
 * @param args room for ZC_MAX_ARGS; those that are left out become zeros
 * @return 0 or -errno
 */
int zc_read_args(struct zc_reader *reader, const char *format, union zc_arg *args);

/**
 * @brief Turn a tensor into a pointer to its first element.
 * @param type what dtype and shape it must have (ZC_TYPE() and extents), or NULL
 * @return 0; -EINVAL it is not like that, not aligned, or not all in memory allocated for it
 */
int zc_tensor_locate(const struct zc_tensor *tensor, const uint32_t *type, uint8_t **data);

#endif /* ZC_RPC_READER_H_ */
