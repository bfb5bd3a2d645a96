/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * The layers of the CRT's graph executor: its operators one after the other, as
 * TVMGraphExecutor_Run() calls them.
 *
 * The CRT keeps its one executor to itself, so the linker redirects the call that makes it to here
 * (--wrap=TVMGraphExecutor_Create, --wrap=TVMGraphExecutor_Release).
 */

#include <stdint.h>

#include <tvm/runtime/crt/graph_executor_module.h>
#include <tvm/runtime/crt/internal/graph_executor/graph_executor.h>

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

uint32_t zc_crt_num_steps(void)
{
	return executor == NULL ? 0U : executor->op_execs_count;
}

/* Nodes that only hold inputs or constants have nothing to call. */
const char *zc_crt_layer_name(uint32_t step)
{
	return executor->op_execs[step].fexec == NULL ? NULL : executor->nodes[step].name;
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

int zc_crt_run_layers(uint16_t repetition)
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

tvm_crt_error_t zc_crt_register_executor(void)
{
	tvm_crt_error_t err = TVMGraphExecutorModule_Register();

	return err == kTvmErrorNoError ? zc_crt_register_layers() : err;
}
