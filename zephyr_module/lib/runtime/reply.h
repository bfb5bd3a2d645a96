/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Answer a packet. Each answer is one message, sent once and whole.
 */

#ifndef ZC_RUNTIME_REPLY_H_
#define ZC_RUNTIME_REPLY_H_

#include <stddef.h>
#include <stdint.h>

#include <zephyr_counters/counters.h>
#include <zephyr_counters/ffi_abi.h>

#include "../wire/session.h"

/** Bytes of a zc_return_bytes() message beside the bytes themselves, its session header included.
 */
#define ZC_RETURN_BYTES_OVERHEAD (ZC_SESSION_HEADER_SIZE + 8 + 4 + 4 + 4 + 8 + 4 + 8)

/** The answer was sent; what all but an exception return. */
#define ZC_ANSWERED 1

void zc_reply_init(struct zc_session *session);

/** The text of the last error, or else its number. */
void zc_reply_exception(int err);

/** Of a system call; `value` counts unless the type is TVM_FFI_NONE. */
int zc_reply(enum tvm_ffi_type_index type, uintptr_t value);
/** The bytes of a copy from the device. */
int zc_reply_copy(const uint8_t *data, uint32_t len);

/** Of a function: TVM_FFI_NONE, TVM_FFI_INT, or with a handle TVM_FFI_FUNCTION, TVM_FFI_MODULE. */
int zc_return(enum tvm_ffi_type_index type, uintptr_t value);
/** A new tensor at `data` with the dtype and shape of `like`. */
int zc_return_tensor(const DLTensor *like, const void *data, uint32_t handle);
int zc_return_bytes(const uint8_t *data, uint32_t len);
/**
 * Bytes that need not all be in memory: `write` is called twice and writes the same.
 * If it returns an error the first time nothing is sent, and the error returned.
 */
int zc_return_streamed(int (*write)(struct zc_sink *sink));

#endif /* ZC_RUNTIME_REPLY_H_ */
