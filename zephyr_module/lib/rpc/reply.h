/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Answer a packet. Each answer is one message, sent once and whole.
 */

#ifndef ZC_RPC_REPLY_H_
#define ZC_RPC_REPLY_H_

#include <stddef.h>
#include <stdint.h>

#include <zephyr_counters/ffi_abi.h>
#include <zephyr_counters/function.h>

#include "../wire/session.h"

/** The answer was sent; what all but an exception return. */
#define ZC_ANSWERED 1

void zc_reply_init(struct zc_session *session);

/** The last error, or else `err` as one. */
void zc_reply_exception(int err);

/** Of a system call; `value` counts unless the type is TVM_FFI_NONE. */
int zc_reply(enum tvm_ffi_type_index type, uintptr_t value);
/** The bytes of a copy from the device. */
int zc_reply_copy(const uint8_t *data, uint32_t len);

/** Of a function: TVM_FFI_NONE, TVM_FFI_INT, or with a handle TVM_FFI_FUNCTION, TVM_FFI_MODULE. */
int zc_return(enum tvm_ffi_type_index type, uintptr_t value);
/** A new tensor at `data`; its type is a ZC_TYPE() and the extents. */
int zc_return_tensor(const uint32_t *type, const void *data, uint32_t handle);
int zc_return_bytes(const uint8_t *data, uint32_t len);
/**
 * What a zc_function returned; its bytes need not all be in memory, so they are written twice.
 * @return ZC_ANSWERED; 0 it returned nothing; or what `write` returned the first time
 */
int zc_return_result(const struct zc_result *result);

#endif /* ZC_RPC_REPLY_H_ */
