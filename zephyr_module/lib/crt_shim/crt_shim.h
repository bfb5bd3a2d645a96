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

#ifndef ZC_CRT_SHIM_H_
#define ZC_CRT_SHIM_H_

#include <stddef.h>
#include <stdint.h>

#include <tvm/runtime/c_backend_api.h>
#include <tvm/runtime/c_runtime_api.h>
#include <tvm/runtime/crt/error_codes.h>
#include <zephyr/toolchain.h>

#include <zephyr_counters/error.h>
#include <zephyr_counters/function.h>

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

/** @brief A packed function and its name, for zc_crt_register(). */
struct zc_crt_function {
	const char *name;
	TVMBackendPackedCFunc call;
};

/** @brief Put functions into the global registry, replacing those of the same names. */
tvm_crt_error_t zc_crt_register(const struct zc_crt_function *functions, size_t num);

/** @brief Put all functions of functions.def there but those of a graph executor. */
tvm_crt_error_t zc_crt_register_functions(void);

/** @brief Put those of the executor there, of model.profile too if it has layers. */
tvm_crt_error_t zc_crt_register_executor(void);

/** @brief Put model.profile and model.layers there. */
tvm_crt_error_t zc_crt_register_layers(void);

/** @brief Steps of the executor, some of which are layers; 0 while there is no executor. */
uint32_t zc_crt_num_steps(void);

/** @brief A step's name. NULL if it is no layer. */
const char *zc_crt_layer_name(uint32_t step);

/** @brief Run the model with a region for each layer. @return 0, or not */
int zc_crt_run_layers(uint16_t repetition);

#define ZC_CRT_FUNCTION(name, handler) int handler(ZC_CRT_ARGS);
#define ZC_CRT_LAYERS_FUNCTION(name, signature, handler)                                           \
	int handler(const union zc_value *args, struct zc_result *result);
#include <zephyr_counters/functions.def>

/** @brief A zc_function and its signature in functions.def. */
struct zc_crt_shared {
	zc_function call;
	const char *signature;
};

/** @brief The packed function that calls `own`, a struct zc_crt_shared. */
int zc_crt_call(ZC_CRT_ARGS);

/** @brief Define packed_HANDLER, a packed function that calls a zc_function. */
#define ZC_CRT_PACKED(signature, handler)                                                          \
	static int packed_##handler(ZC_CRT_ARGS)                                                   \
	{                                                                                          \
		static const struct zc_crt_shared shared = {handler, signature};                   \
                                                                                                   \
		ARG_UNUSED(own);                                                                   \
		return zc_crt_call(args, type_codes, num_args, ret, ret_code,                      \
				   (void *)(uintptr_t)&shared);                                    \
	}

/** @brief Number time evaluators from 0 again: a new selection was made. */
void zc_crt_evaluator_restart(void);

/** @brief Record what a measurement that failed left open, as unfinished. */
void zc_crt_timer_reset(void);

/**
 * @brief Make the last zc_error() the CRT's last error.
 * @return what a packed function returns when it fails
 */
int zc_crt_fail(void);

/**
 * @brief Return what a zc_function returned.
 *
 * Of bytes at most ZC_CRT_REPLY_MAX from its offset on, and none at the end. So a host that asks
 * for more from where it is gets all, however small its packets are.
 * @return what a packed function returns
 */
int zc_crt_return(const struct zc_result *result, TVMValue *ret, int *ret_code);

#endif /* ZC_CRT_SHIM_H_ */
