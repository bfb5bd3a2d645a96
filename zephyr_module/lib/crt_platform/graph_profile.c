/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * model.profile over the CRT's graph executor: its operators one after the other, as
 * TVMGraphExecutor_Run() calls them, with a record each and one around them all. model.layers:
 * their names.
 *
 * The CRT keeps its one executor to itself, so the linker leads the call that makes it through here
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

#include "crt_platform.h"

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

static const char no_executor[] = "no graph executor on the board";

static int profile(ZC_CRT_ARGS)
{
	int64_t repetitions = zc_crt_number(args, type_codes, num_args, UINT16_MAX);

	ARG_UNUSED(ret);
	ARG_UNUSED(ret_code);
	ARG_UNUSED(own);
	if (repetitions < 0) {
		return -1;
	}
	if (executor == NULL) {
		return zc_crt_refuse(no_executor);
	}
	zc_crt_timer_reset();
	zc_counters_taken();
	/* Of a kernel that was called before, by itself. */
	(void)zc_kernel_take_failure();
	for (uint32_t i = 0; i < (uint32_t)repetitions; i++) {
		int err = profile_once((uint16_t)i);

		if (err != 0) {
			return zc_crt_refuse(err == -EBUSY ? "a region is open"
							   : "an operator failed");
		}
	}
	return 0;
}

/* Each operator's name and a line feed, in the order of their tags. */
static int write_names(struct zc_sink *sink)
{
	for (uint32_t i = 0; i < executor->op_execs_count; i++) {
		const char *name = executor->nodes[i].name;

		if (executor->op_execs[i].fexec != NULL) {
			sink->write(sink, (const uint8_t *)name, strlen(name));
			sink->write(sink, (const uint8_t *)"\n", 1);
		}
	}
	return 0;
}

static int layers(ZC_CRT_ARGS)
{
	ARG_UNUSED(own);
	if (executor == NULL) {
		return zc_crt_refuse(no_executor);
	}
	return zc_crt_return_part(args, type_codes, num_args, ret, ret_code, write_names);
}

tvm_crt_error_t zc_crt_register_graph_executor(void)
{
	static const struct zc_crt_function functions[] = {
		{"model.profile", profile},
		{"model.layers", layers},
	};
	tvm_crt_error_t err = TVMGraphExecutorModule_Register();

	return err == kTvmErrorNoError ? zc_crt_register(functions, ARRAY_SIZE(functions)) : err;
}
