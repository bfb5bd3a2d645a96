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

/** Bytes of a zc_return_bytes() message beside the bytes themselves, its session header included. */
#define ZC_RETURN_BYTES_OVERHEAD (ZC_SESSION_HEADER_SIZE + 8 + 4 + 4 + 4 + 8 + 4 + 8)

void zc_reply_init(struct zc_session *session);

/** Of a system call; `value` counts unless the type is TVM_FFI_NONE. */
void zc_reply(enum tvm_ffi_type_index type, uint64_t value);
/** With the text of the last error, or else its number. */
void zc_reply_exception(int err);
/** The bytes of a copy from the device. */
void zc_reply_copy(const uint8_t *data, uint32_t len);

/** Of a function: TVM_FFI_NONE, TVM_FFI_INT, or with a handle TVM_FFI_FUNCTION, TVM_FFI_MODULE. */
void zc_return(enum tvm_ffi_type_index type, uint64_t value);
/** A new tensor at `data` with the dtype and shape of `like`. */
void zc_return_tensor(const DLTensor *like, const void *data, uint32_t handle);
void zc_return_bytes(const uint8_t *data, uint32_t len);
/**
 * Bytes that need not all be in memory: `write` is called twice and writes the same.
 * @return 0, or what it returned the first time, and nothing was sent
 */
int zc_return_streamed(int (*write)(struct zc_sink *sink));

#endif /* ZC_RUNTIME_REPLY_H_ */
