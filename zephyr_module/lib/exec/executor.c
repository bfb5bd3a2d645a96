/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <errno.h>

#include <zephyr/toolchain.h>

#include <zephyr_counters/error.h>

#include "../rpc/handler.h"
#include "arguments.h"
#include "executor.h"
#include "measure.h"
#include "workspace.h"

/* With the arguments that zc_model.args holds. */
static int run_kernel(const void *context)
{
	const struct zc_kernel *kernel = context;
	TVMFFIAny result = {.type_index = TVM_FFI_NONE};
	int32_t status;
	int failure;

	status = kernel->call(NULL, zc_model.args, kernel->num_args, &result);
	failure = zc_kernel_take_failure();
	if (status == 0 && failure == 0) {
		return 0;
	}
	return zc_error_name(failure != 0 ? failure : -EIO,
			     failure == -ENOMEM ? ZC_ERROR_WORKSPACE_TOO_SMALL
						: ZC_ERROR_KERNEL_FAILED,
			     0, kernel->name, ZC_TERMINATED);
}

/* `repetition` is NULL to run without measuring. */
static int run_layers(const void *repetition)
{
	int err = 0;

	for (uint32_t i = 0; err == 0 && i < zc_model.num_layers; i++) {
		const struct zc_layer *layer = &zc_model.layers[i];
		struct zc_measured measured = {
			.run = run_kernel,
			.context = &zc_model.kernels[layer->kernel],
			.tag = i,
			.origin = ZC_ORIGIN_LAYER,
		};

		/* Outside of the layer's region. */
		zc_arguments_of(layer);
		zc_workspace_assign(layer);
		err = repetition == NULL
			      ? run_kernel(measured.context)
			      : zc_measure(&measured, *(const uint16_t *)repetition, NULL);
	}
	return err;
}

int zc_model_run_once(const union zc_arg *args, struct zc_reader *rest)
{
	ARG_UNUSED(args);
	ARG_UNUSED(rest);
	return run_layers(NULL);
}

/* A record for each layer and one for the whole. */
int zc_model_profile(const union zc_arg *args, struct zc_reader *rest)
{
	uint16_t repetition;
	struct zc_measured whole = {
		.run = run_layers,
		.context = &repetition,
		.tag = zc_model.num_layers,
		.origin = ZC_ORIGIN_WHOLE,
	};
	int err = 0;

	ARG_UNUSED(rest);
	if (args[0].word > UINT16_MAX) {
		return zc_error(-EINVAL, ZC_ERROR_REPETITIONS, UINT16_MAX);
	}
	for (repetition = 0; err == 0 && repetition < args[0].word; repetition++) {
		err = zc_measure(&whole, repetition, NULL);
	}
	return err;
}

int zc_kernel_find(const struct zc_span *name)
{
	for (int i = 0; i < zc_model.num_kernels; i++) {
		if (zc_span_is(name, zc_model.kernels[i].name)) {
			return i;
		}
	}
	return zc_error_name(-ENOENT, ZC_ERROR_KERNEL_UNKNOWN, 0, (const char *)name->data,
			     name->len);
}

int zc_call_prepare(uint32_t kernel, struct zc_reader *args)
{
	const struct zc_kernel *k = &zc_model.kernels[kernel];
	const uint16_t *like = zc_model.layers[k->layer].args;

	for (uint32_t i = 0; i < k->num_args; i++) {
		struct zc_tensor tensor;
		uint8_t *data = NULL;
		int err;

		zc_read_tensor_arg(args, &tensor);
		err = args->err != 0
			      ? args->err
			      : zc_tensor_locate(&tensor, zc_model.tensors[like[i]].type, &data);
		if (err != 0) {
			return err;
		}
		zc_argument_set(i, data);
	}
	return zc_read_end(args);
}

int zc_call_run(uint32_t kernel)
{
	const struct zc_kernel *k = &zc_model.kernels[kernel];

	zc_workspace_assign(&zc_model.layers[k->layer]);
	return run_kernel(k);
}

int zc_kernel_call(uint32_t kernel, struct zc_reader *args)
{
	int err = zc_call_prepare(kernel, args);

	return err != 0 ? err : zc_call_run(kernel);
}
