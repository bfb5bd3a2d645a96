/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <errno.h>
#include <stdbool.h>

#include <zephyr/sys/util.h>

#include <zephyr_counters/function.h>
#include <zephyr_counters/model.h>

#include "../exec/evaluator.h"
#include "../exec/executor.h"
#include "arena.h"
#include "dispatch.h"
#include "handle.h"
#include "handler.h"
#include "refuse.h"
#include "reply.h"
#include "rpc.h"

#define SYSTEM_LIB zc_handle(ZC_HANDLE_SYSTEM_LIB, 0, 0)

/* The functions of both runtimes, then those of this one; kernels come after them in handles. */
enum {
	NUM_SHARED = 0
#define ZC_FUNCTION(name, signature, handler) +1
#include <zephyr_counters/functions.def>
};

static const struct {
	const char *name;
	/* As of zc_read_args(). */
	const char *format;
	union {
		zc_function shared;
		zc_handler own;
	} call;
} functions[] = {
#define ZC_FUNCTION(name, signature, handler) {name, signature, {.shared = handler}},
#include <zephyr_counters/functions.def>
#define ZC_RPC_FUNCTION(name, signature, handler) {name, signature, {.own = handler}},
#include <zephyr_counters/functions.def>
};

static uint32_t kernel_handle(int kernel)
{
	return zc_handle(ZC_HANDLE_FUNCTION, 0, (uint32_t)ARRAY_SIZE(functions) + (uint32_t)kernel);
}

/* There is one library, without a prefix to its names. */
int zc_system_lib(const union zc_arg *args, struct zc_reader *rest)
{
	ARG_UNUSED(rest);
	if (args[0].span.len != 0) {
		return zc_refuse(ZC_ERROR_LIBRARY_UNKNOWN);
	}
	return zc_return(TVM_FFI_MODULE, SYSTEM_LIB);
}

/* Module, name, and whether to look into imported modules, of which there are none. */
int zc_module_get_function(const union zc_arg *args, struct zc_reader *rest)
{
	int kernel = zc_kernel_find(&args[1].span);

	ARG_UNUSED(rest);
	if (args[0].word != SYSTEM_LIB) {
		return zc_refuse_handle();
	}
	if (kernel < 0) {
		return 0;
	}
	return zc_return(TVM_FFI_FUNCTION, kernel_handle(kernel));
}

int zc_max_packet_size(const union zc_arg *args, struct zc_reader *rest)
{
	ARG_UNUSED(args);
	ARG_UNUSED(rest);
	return zc_return(TVM_FFI_INT, ZC_RPC_MAX_PACKET);
}

uint32_t zc_function_find(const struct zc_span *name)
{
	int kernel;

	for (uint32_t i = 0; i < ARRAY_SIZE(functions); i++) {
		if (zc_span_is(name, functions[i].name)) {
			return zc_handle(ZC_HANDLE_FUNCTION, 0, i);
		}
	}
	kernel = zc_kernel_find(name);
	return kernel < 0 ? 0 : kernel_handle(kernel);
}

/* Those are never freed. */
static bool is_function(uintptr_t handle)
{
	uint32_t index = zc_handle_index(handle);

	return handle == zc_handle(ZC_HANDLE_FUNCTION, 0, index) &&
	       index < ARRAY_SIZE(functions) + zc_model.num_kernels;
}

static int call_shared(uint32_t index, const union zc_arg *args)
{
	union zc_value values[ZC_FUNCTION_MAX_ARGS];
	struct zc_result result = {.has_number = false};
	int err;

	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		values[i] = args[i].value;
	}
	err = functions[index].call.shared(values, &result);
	return err != 0 ? err : zc_return_result(&result);
}

int zc_function_call(uintptr_t handle, struct zc_reader *packet)
{
	uint32_t index = zc_handle_index(handle);
	union zc_arg args[ZC_MAX_ARGS];
	int err;

	if (is_function(handle) && index < ARRAY_SIZE(functions)) {
		err = zc_read_args(packet, functions[index].format, args);
		if (err != 0) {
			return err;
		}
		return index < NUM_SHARED ? call_shared(index, args)
					  : functions[index].call.own(args, packet);
	}
	err = zc_read_args(packet, "*", args);
	if (err != 0) {
		return err;
	}
	return is_function(handle) ? zc_kernel_call(index - (uint32_t)ARRAY_SIZE(functions), packet)
				   : zc_evaluator_call(handle, packet);
}

int zc_handle_free(uintptr_t handle)
{
	if (is_function(handle) || handle == SYSTEM_LIB) {
		return 0;
	}
	return zc_arena_free_handle(handle);
}
