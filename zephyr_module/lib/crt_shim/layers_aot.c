/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * The layers of the CRT's ahead-of-time executor. The model's own C code calls its operators by
 * name; the project brings a function for each of them that calls the functions of aot_layers.h
 * around it, and the names.
 *
 * The CRT keeps its one executor to itself, so the linker redirects the call that makes it to here
 * (--wrap=TVMAotExecutor_Create, --wrap=TVMAotExecutor_Release).
 */

#include <stdint.h>

#include <tvm/runtime/c_runtime_api.h>

#include <zephyr_counters/aot_layers.h>
#include <zephyr_counters/counters.h>
#include <zephyr_counters/error.h>

#include "crt_shim.h"

/* Of TVM's aot_executor.h, which includes headers that only TVM's own build has. */
typedef struct TVMAotExecutor TVMAotExecutor;

int TVMAotExecutor_Run(TVMAotExecutor *executor);

int __real_TVMAotExecutor_Create(TVMModuleHandle module, const DLDevice device,
				 TVMAotExecutor **out, const char *name);
int __wrap_TVMAotExecutor_Create(TVMModuleHandle module, const DLDevice device,
				 TVMAotExecutor **out, const char *name);
int __real_TVMAotExecutor_Release(TVMAotExecutor *released, const DLDevice device);
int __wrap_TVMAotExecutor_Release(TVMAotExecutor *released, const DLDevice device);

static TVMAotExecutor *executor;

static struct {
	/* Not while the host runs the model, nor in an operator that another one calls. */
	bool measures;
	uint16_t repetition;
	uint32_t next;
} layers;

int __wrap_TVMAotExecutor_Create(TVMModuleHandle module, const DLDevice device,
				 TVMAotExecutor **out, const char *name)
{
	int err = __real_TVMAotExecutor_Create(module, device, out, name);

	executor = err == 0 ? *out : NULL;
	return err;
}

int __wrap_TVMAotExecutor_Release(TVMAotExecutor *released, const DLDevice device)
{
	executor = NULL;
	return __real_TVMAotExecutor_Release(released, device);
}

uint32_t zc_crt_num_steps(void)
{
	return executor == NULL ? 0U : zc_aot_num_layers;
}

const char *zc_crt_layer_name(uint32_t step)
{
	return zc_aot_layers[step];
}

bool zc_aot_layer_begin(void)
{
	if (!layers.measures ||
	    zc_counters_begin(layers.next, ZC_ORIGIN_LAYER, layers.repetition) != 0) {
		return false;
	}
	layers.measures = false;
	layers.next++;
	return true;
}

void zc_aot_layer_end(int32_t status)
{
	(void)zc_counters_end(status == 0 ? 0 : ZC_RECORD_UNFINISHED, NULL);
	layers.measures = true;
}

int zc_crt_run_layers(uint16_t repetition)
{
	int err;

	layers.repetition = repetition;
	layers.next = 0;
	layers.measures = true;
	err = TVMAotExecutor_Run(executor);
	layers.measures = false;
	return err != 0 ? err : zc_kernel_take_failure();
}

tvm_crt_error_t zc_crt_register_executor(void)
{
	return zc_crt_register_layers();
}
