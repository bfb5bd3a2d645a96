/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <zephyr/toolchain.h>

#include <zephyr_counters/counters.h>
#include <zephyr_counters/error.h>

#include "arena.h"
#include "executor.h"
#include "functions.h"
#include "workspace.h"

static int run_kernel(const struct zc_kernel *kernel, const TVMFFIAny *args)
{
	TVMFFIAny result = {.type_index = TVM_FFI_NONE};
	int32_t status;
	int failure;

	zc_workspace_reset();
	/* The calling convention has no const; kernels do not write to their arguments. */
	status = kernel->call(NULL, (void *)(uintptr_t)args, kernel->num_args, &result);
	failure = zc_kernel_take_failure();
	if (status == 0 && failure == 0) {
		return 0;
	}
	return zc_error(failure != 0 ? failure : -EIO,
			failure == -ENOMEM ? "workspace is too small for kernel" : "kernel failed",
			kernel->name, strlen(kernel->name));
}

/* A record that found no room was counted as dropped, and the host is told so. */
static int end_region(int err)
{
	int end_err = zc_counters_end(err == 0 ? 0 : ZC_RECORD_UNFINISHED, NULL);

	return err != 0 || end_err == -ENOBUFS ? err : end_err;
}

static int walk(bool measured, uint16_t repetition)
{
	int err = 0;

	for (uint16_t i = 0; err == 0 && i < zc_model.num_layers; i++) {
		const struct zc_layer *layer = &zc_model.layers[i];
		const struct zc_kernel *kernel = &zc_model.kernels[layer->kernel];

		if (!measured) {
			err = run_kernel(kernel, layer->args);
			continue;
		}
		err = zc_counters_begin(i, ZC_ORIGIN_LAYER, repetition);
		if (err == 0) {
			err = end_region(run_kernel(kernel, layer->args));
		}
	}
	return err;
}

int zc_model_run_once(const union zc_arg *args, struct zc_reader *rest)
{
	int err = walk(false, 0);

	ARG_UNUSED(args);
	ARG_UNUSED(rest);
	return err != 0 ? err : ZC_NO_RESULT;
}

int zc_model_profile(const union zc_arg *args, struct zc_reader *rest)
{
	int err = 0;

	ARG_UNUSED(rest);
	if (args[0].number > UINT16_MAX) {
		return zc_error_num(-EINVAL, "more repetitions than", UINT16_MAX);
	}
	for (uint16_t i = 0; err == 0 && i < args[0].number; i++) {
		err = zc_counters_begin(zc_model.num_layers, ZC_ORIGIN_WHOLE, i);
		if (err == 0) {
			err = end_region(walk(true, i));
		}
	}
	return err != 0 ? err : ZC_NO_RESULT;
}

int zc_kernel_find(const struct zc_span *name)
{
	for (uint16_t i = 0; i < zc_model.num_kernels; i++) {
		if (zc_span_is(name, zc_model.kernels[i].name)) {
			return i;
		}
	}
	return zc_error(-ENOENT, "there is no kernel", (const char *)name->data, name->len);
}

static int take_tensor(struct zc_reader *args, const DLTensor *expected, DLTensor *out)
{
	struct zc_tensor tensor;
	uint8_t *data;
	int err;

	zc_read_tensor_arg(args, &tensor);
	err = args->err != 0 ? args->err : zc_tensor_locate(&tensor, expected, &data);
	if (err == 0) {
		*out = *expected;
		out->data = data;
		out->byte_offset = 0;
	}
	return err;
}

int zc_call_prepare(struct zc_call *call, uint32_t kernel, struct zc_reader *args,
		    uint32_t num_results)
{
	const struct zc_kernel *k = &zc_model.kernels[kernel];
	uint32_t size = num_results * (uint32_t)sizeof(*call->results) +
			k->num_args * (uint32_t)(sizeof(*call->args) + sizeof(DLTensor));
	DLTensor *tensors;
	void *memory;
	int err = zc_arena_alloc(size, &memory, &call->memory);

	if (err != 0) {
		return err;
	}
	call->kernel = k;
	call->results = memory;
	call->args = (TVMFFIAny *)(void *)&call->results[num_results];
	tensors = (DLTensor *)(void *)&call->args[k->num_args];
	for (uint8_t i = 0; err == 0 && i < k->num_args; i++) {
		err = take_tensor(args, k->signature[i].v_ptr, &tensors[i]);
		call->args[i].type_index = TVM_FFI_DLTENSOR_PTR;
		call->args[i].v_ptr = &tensors[i];
	}
	if (err == 0) {
		err = zc_read_end(args);
	}
	if (err != 0) {
		zc_call_free(call);
	}
	return err;
}

int zc_call_run(const struct zc_call *call)
{
	return run_kernel(call->kernel, call->args);
}

void zc_call_free(const struct zc_call *call)
{
	(void)zc_arena_free_handle(call->memory);
}

int zc_kernel_call(uint32_t kernel, struct zc_reader *args)
{
	struct zc_call call;
	int err = zc_call_prepare(&call, kernel, args, 0);

	if (err != 0) {
		return err;
	}
	err = zc_call_run(&call);
	zc_call_free(&call);
	return err != 0 ? err : ZC_NO_RESULT;
}
