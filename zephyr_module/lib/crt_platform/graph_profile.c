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

static int run_operators(uint16_t repetition)
{
	uint32_t tag = 0;
	int err = 0;

	for (uint32_t i = 0; err == 0 && i < executor->op_execs_count; i++) {
		TVMPackedFunc *op = &executor->op_execs[i];

		if (op->fexec != NULL) {
			err = run_operator(op, tag, repetition);
			tag++;
		}
	}
	return err;
}

static int profile_once(uint32_t whole_tag, uint16_t repetition)
{
	int err = zc_counters_begin(whole_tag, ZC_ORIGIN_WHOLE, repetition);

	if (err != 0) {
		return zc_error(err, "a region is open", NULL, 0);
	}
	err = run_operators(repetition);
	(void)zc_counters_end(err == 0 ? 0 : ZC_RECORD_UNFINISHED, NULL);
	return err == 0 ? 0 : zc_error(-EIO, "an operator of the model failed", NULL, 0);
}

static int refuse_without_executor(void)
{
	(void)zc_error(-ENODEV, "no graph executor was created on the board", NULL, 0);
	return zc_crt_fail();
}

static int profile(TVMValue *args, int *type_codes, int num_args, TVMValue *ret, int *ret_code,
		   void *own)
{
	ARG_UNUSED(ret);
	ARG_UNUSED(ret_code);
	ARG_UNUSED(own);
	if (num_args != 1 || type_codes[0] != kTVMArgInt || args[0].v_int64 < 1 ||
	    args[0].v_int64 > UINT16_MAX) {
		(void)zc_error_num(-EINVAL, "repetitions not in 1 to", UINT16_MAX);
		return zc_crt_fail();
	}
	if (executor == NULL) {
		return refuse_without_executor();
	}
	zc_crt_timer_reset();
	zc_counters_taken();
	/* Of a kernel that was called before, by itself. */
	(void)zc_kernel_take_failure();
	for (uint16_t i = 0; i < (uint16_t)args[0].v_int64; i++) {
		if (profile_once(count_operators(), i) != 0) {
			return zc_crt_fail();
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

static int layers(TVMValue *args, int *type_codes, int num_args, TVMValue *ret, int *ret_code,
		  void *own)
{
	ARG_UNUSED(own);
	if (executor == NULL) {
		return refuse_without_executor();
	}
	return zc_crt_return_part(write_names, args, type_codes, num_args, ret, ret_code);
}

tvm_crt_error_t zc_crt_register_graph_executor(void)
{
	int err = (int)TVMGraphExecutorModule_Register();

	if (err == 0) {
		err = TVMFuncRegisterGlobal("model.profile", (TVMFunctionHandle)(uintptr_t)profile,
					    0);
	}
	if (err == 0) {
		err = TVMFuncRegisterGlobal("model.layers", (TVMFunctionHandle)(uintptr_t)layers,
					    0);
	}
	return (tvm_crt_error_t)err;
}
