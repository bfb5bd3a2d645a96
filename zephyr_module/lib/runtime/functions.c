/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <zephyr/sys/util.h>

#include <zephyr_counters/counters.h>
#include <zephyr_counters/error.h>
#include <zephyr_counters/model.h>

#include "arena.h"
#include "evaluator.h"
#include "executor.h"
#include "functions.h"
#include "handle.h"
#include "model_functions.h"
#include "refuse.h"
#include "reply.h"
#include "rpc.h"

#define SYSTEM_LIB zc_handle(ZC_HANDLE_SYSTEM_LIB, 0, 0)

struct function {
	const char *name;
	/* As of zc_read_args(). */
	const char *format;
	zc_handler call;
};

static uint32_t kernel_handle(int kernel);

static int write_catalog(struct zc_sink *sink)
{
	zc_counters_write_catalog(sink);
	return 0;
}

static int catalog(const union zc_arg *args, struct zc_reader *rest)
{
	ARG_UNUSED(args);
	ARG_UNUSED(rest);
	return zc_return_streamed(write_catalog);
}

static int select_counters(const union zc_arg *args, struct zc_reader *rest)
{
	ARG_UNUSED(rest);
	return zc_counters_select(args[0].span.data, args[0].span.len);
}

static int begin(const union zc_arg *args, struct zc_reader *rest)
{
	ARG_UNUSED(rest);
	return zc_counters_begin((uint32_t)args[0].word, ZC_ORIGIN_USER, 0);
}

static int end(const union zc_arg *args, struct zc_reader *rest)
{
	int err = zc_counters_end(0, NULL);

	ARG_UNUSED(args);
	ARG_UNUSED(rest);
	/* A record that found no room was counted as dropped, and the host is told so. */
	return err == -ENOBUFS ? 0 : err;
}

static int write_records(struct zc_sink *sink)
{
	return zc_counters_write_records(sink, CONFIG_ZC_PACKET_SIZE - ZC_RETURN_BYTES_OVERHEAD);
}

static int take(const union zc_arg *args, struct zc_reader *rest)
{
	ARG_UNUSED(args);
	ARG_UNUSED(rest);
	return zc_return_streamed(write_records);
}

/* There is one library, without a prefix to its names. */
static int system_lib(const union zc_arg *args, struct zc_reader *rest)
{
	if (rest->args_read > 0 && args[0].span.len != 0) {
		return zc_refuse("no such library");
	}
	return zc_return(TVM_FFI_MODULE, SYSTEM_LIB);
}

/* Module, name, and whether to look into imported modules, of which there are none. */
static int module_get_function(const union zc_arg *args, struct zc_reader *rest)
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

static int max_packet_size(const union zc_arg *args, struct zc_reader *rest)
{
	ARG_UNUSED(args);
	ARG_UNUSED(rest);
	return zc_return(TVM_FFI_INT, ZC_RPC_MAX_PACKET);
}

static const struct function functions[] = {
	{"hwcnt.catalog", "", catalog},
	{"hwcnt.select", "b", select_counters},
	{"hwcnt.begin", "i", begin},
	{"hwcnt.end", "", end},
	{"hwcnt.take", "", take},
	{"model.info", "", zc_model_info},
	{"model.set_input", "iT", zc_model_set_input},
	{"model.run", "", zc_model_run_once},
	{"model.get_output", "i?T", zc_model_get_output},
	{"model.profile", "i", zc_model_profile},
	{"model.profile_function", "sii*", zc_kernel_profile},
	{"runtime.RPCTimeEvaluator", "hsiiiiiiiiis", zc_evaluator_create},
	{"runtime.SystemLib", "?S", system_lib},
	{"ffi.SystemLib", "?S", system_lib},
	{"tvm.rpc.server.ModuleGetFunction", "hsi", module_get_function},
	{"tvm.rpc.server.GetCRTMaxPacketSize", "", max_packet_size},
	{"model.reset", "", zc_model_reset},
};

static uint32_t kernel_handle(int kernel)
{
	return zc_handle(ZC_HANDLE_FUNCTION, 0, (uint32_t)ARRAY_SIZE(functions) + (uint32_t)kernel);
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

int zc_function_call(uintptr_t handle, struct zc_reader *packet)
{
	uint32_t index = zc_handle_index(handle);
	union zc_arg args[ZC_MAX_ARGS];
	int err;

	if (is_function(handle) && index < ARRAY_SIZE(functions)) {
		err = zc_read_args(packet, functions[index].format, args);
		return err != 0 ? err : functions[index].call(args, packet);
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
