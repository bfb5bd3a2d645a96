/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief What the parts of the shim under TVM's C runtime (CRT) know of each other.
 *
 * The CRT is that of TVM 0.18, unmodified: its functions and error codes are in
 * tvm/runtime/crt/platform.h, error_codes.h and func_registry.h.
 */

#ifndef ZC_CRT_PLATFORM_H_
#define ZC_CRT_PLATFORM_H_

#include <stddef.h>
#include <stdint.h>

#include <tvm/runtime/c_backend_api.h>
#include <tvm/runtime/c_runtime_api.h>
#include <tvm/runtime/crt/error_codes.h>

#include <zephyr_counters/counters.h>

#include "crt_config.h"

/* Most bytes of a reply: less the headers of frame, session, packet, type codes and length. */
#define ZC_CRT_REPLY_MAX ((size_t)ZC_CRT_HOST_PACKET_SIZE - 128U)

/** @brief Memory for the CRT, aligned for any tensor; the port has it. @return NULL if none left */
void *zc_crt_alloc(size_t len);

/** @brief Give it back; NULL is nothing. */
void zc_crt_free(void *memory);

/** @brief Start again as after power on; the port has it. Does not return. */
void zc_crt_restart(void);

/** @brief What a packed function of the CRT is called with. */
#define ZC_CRT_ARGS                                                                                \
	TVMValue *args, int *type_codes, int num_args, TVMValue *ret, int *ret_code, void *own

/** @brief A packed function and its name. */
struct zc_crt_function {
	const char *name;
	TVMBackendPackedCFunc call;
};

/** @brief Put functions into the global registry, in place of those of these names. */
tvm_crt_error_t zc_crt_register(const struct zc_crt_function *functions, size_t num);

/** @brief Put all functions of the shim there but those of a graph executor. */
tvm_crt_error_t zc_crt_register_functions(void);

/** @brief Put tvm.graph_executor.create and model.profile there; nothing without that executor. */
tvm_crt_error_t zc_crt_register_graph_executor(void);

/** @brief runtime.RPCTimeEvaluator in place of the CRT's own, which it calls. */
int zc_crt_create_evaluator(ZC_CRT_ARGS);

/** @brief Number time evaluators from 0 again: a new selection was made. */
void zc_crt_evaluator_restart(void);

/** @brief Record what a measurement that failed left open, as unfinished. */
void zc_crt_timer_reset(void);

/**
 * @brief Make the text of the last zc_error() the CRT's last error.
 * @return what a packed function returns when it fails
 */
int zc_crt_fail(void);

/** @brief As zc_crt_fail() with that text. */
int zc_crt_refuse(const char *what);

/**
 * @brief The only argument, if it is an integer from 0 to `most`.
 * @return it, or what zc_crt_fail() does
 */
int64_t zc_crt_number(const TVMValue *args, const int *type_codes, int num_args, uint32_t most);

/**
 * @brief Return what `write` writes, from the offset that is the only argument, or 0.
 *
 * At most ZC_CRT_REPLY_MAX bytes; none at the end. So a host that asks on from what it has got gets
 * all, however small its packets are.
 */
int zc_crt_return_part(const TVMValue *args, const int *type_codes, int num_args, TVMValue *ret,
		       int *ret_code, int (*write)(struct zc_sink *sink));

#endif /* ZC_CRT_PLATFORM_H_ */
