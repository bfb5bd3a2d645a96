/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * model.profile over the CRT's graph executor: its operators one after the other, as
 * TVMGraphExecutor_Run() calls them, with a record each and one around them all. model.layers:
 * their names.
 *
 * The CRT keeps its one executor to itself, so the linker redirects the call that makes it to here
 * (--wrap=TVMGraphExecutor_Create, --wrap=TVMGraphExecutor_Release).
 */

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include <tvm/runtime/c_backend_api.h>
#include <tvm/runtime/crt/graph_executor_module.h>
#include <tvm/runtime/crt/internal/graph_executor/graph_executor.h>
#include <zephyr/sys/util.h>
#include <zephyr/toolchain.h>

#include <zephyr_counters/counters.h>
#include <zephyr_counters/error.h>

#include "crt_shim.h"

int __real_TVMGraphExecutor_Create(const char *json, TVMModuleHandle module, const DLDevice *devs,
				   TVMGraphExecutor **out);
int __wrap_TVMGraphExecutor_Create(const char *json, TVMModuleHandle module, const DLDevice *devs,
				   TVMGraphExecutor **out);
int __real_TVMGraphExecutor_Release(TVMGraphExecutor **executor);
int __wrap_TVMGraphExecutor_Release(TVMGraphExecutor **executor);

static TVMGraphExecutor *executor;

int __wrap_TVMGraphExecutor_Create(const char *json, TVMModuleHandle module, const DLDevice *devs,
				   TVMGraphExecutor **out)
{
	int err = __real_TVMGraphExecutor_Create(json, module, devs, out);

	executor = err == 0 ? *out : NULL;
	return err;
}

int __wrap_TVMGraphExecutor_Release(TVMGraphExecutor **released)
{
	executor = NULL;
	return __real_TVMGraphExecutor_Release(released);
}

/* Nodes that only hold inputs or constants have nothing to call. */
static uint32_t count_operators(void)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < executor->op_execs_count; i++) {
		count += executor->op_execs[i].fexec != NULL ? 1U : 0U;
	}
	return count;
}

static int run_operator(TVMPackedFunc *op, uint32_t tag, uint16_t repetition)
{
	int err = zc_counters_begin(tag, ZC_ORIGIN_LAYER, repetition);

	if (err != 0) {
		return err;
	}
	err = op->Call(op);
	if (err == 0) {
		err = zc_kernel_take_failure();
	}
	(void)zc_counters_end(err == 0 ? 0 : ZC_RECORD_UNFINISHED, NULL);
	return err;
}

static int profile_once(uint16_t repetition)
{
	uint32_t tag = 0;
	int err = zc_counters_begin(count_operators(), ZC_ORIGIN_WHOLE, repetition);

	if (err != 0) {
		return err;
	}
	for (uint32_t i = 0; err == 0 && i < executor->op_execs_count; i++) {
		TVMPackedFunc *op = &executor->op_execs[i];

		if (op->fexec != NULL) {
			err = run_operator(op, tag, repetition);
			tag++;
		}
	}
	(void)zc_counters_end(err == 0 ? 0 : ZC_RECORD_UNFINISHED, NULL);
	return err;
}

static int profile(uint32_t repetitions)
{
	/* Of a kernel that was called before, by itself. */
	(void)zc_kernel_take_failure();
	for (uint32_t i = 0; i < repetitions; i++) {
		int err = profile_once((uint16_t)i);

		if (err != 0) {
			return zc_error(
				err,
				err == -EBUSY ? ZC_ERROR_REGION_OPEN : ZC_ERROR_OPERATOR_FAILED, 0);
		}
	}
	return 0;
}

int zc_crt_graph_profile(const union zc_value *args, struct zc_result *result)
{
	ARG_UNUSED(result);
	if (args[0].word > UINT16_MAX) {
		return zc_error(-EINVAL, ZC_ERROR_TAKES_NUMBER, UINT16_MAX);
	}
	if (executor == NULL) {
		return zc_error(-ENOENT, ZC_ERROR_NO_GRAPH_EXECUTOR, 0);
	}
	return profile((uint32_t)args[0].word);
}

/* Each operator's name and a line feed, in the order of their tags. */
static int write_names(struct zc_sink *sink, size_t max, uint32_t number)
{
	ARG_UNUSED(max);
	ARG_UNUSED(number);
	for (uint32_t i = 0; i < executor->op_execs_count; i++) {
		const char *name = executor->nodes[i].name;

		if (executor->op_execs[i].fexec != NULL) {
			sink->write(sink, (const uint8_t *)name, strlen(name));
			sink->write(sink, (const uint8_t *)"\n", 1);
		}
	}
	return 0;
}

int zc_crt_graph_layers(const union zc_value *args, struct zc_result *result)
{
	if (executor == NULL) {
		return zc_error(-ENOENT, ZC_ERROR_NO_GRAPH_EXECUTOR, 0);
	}
	result->write = write_names;
	result->offset = (uint32_t)args[0].word;
	return 0;
}

#define ZC_CRT_GRAPH_FUNCTION(name, signature, handler) ZC_CRT_PACKED(signature, handler)
#include <zephyr_counters/functions.def>

tvm_crt_error_t zc_crt_register_graph_executor(void)
{
	static const struct zc_crt_function functions[] = {
#define ZC_CRT_GRAPH_FUNCTION(name, signature, handler) {name, packed_##handler},
#include <zephyr_counters/functions.def>
	};
	tvm_crt_error_t err = TVMGraphExecutorModule_Register();

	return err == kTvmErrorNoError ? zc_crt_register(functions, ARRAY_SIZE(functions)) : err;
}
