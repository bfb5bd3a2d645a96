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

/* Calls of one kernel in a row, which make up one record. */
struct calls {
	const struct zc_kernel *kernel;
	uint32_t number;
};

static int run_calls(const void *context)
{
	const struct calls *calls = context;
	int err = 0;

	for (uint32_t i = calls->number; err == 0 && i > 0; i--) {
		err = run_kernel(calls->kernel);
	}
	return err;
}

/* Before the layer's region begins. */
static const struct zc_kernel *prepare(const struct zc_layer *layer)
{
	zc_arguments_of(layer);
	zc_workspace_assign(layer);
	return &zc_model.kernels[layer->kernel];
}

/* One repetition of a profile. */
struct profile {
	uint16_t repetition;
	/* Calls of each layer. */
	uint32_t number;
};

/* `context` is NULL to run each layer once, without measuring. */
static int run_layers(const void *context)
{
	const struct profile *profile = context;
	struct calls calls = {.number = profile == NULL ? 1 : profile->number};
	int err = 0;

	for (uint32_t i = 0; err == 0 && i < zc_model.num_layers; i++) {
		struct zc_measured layer = {
			.run = run_calls,
			.context = &calls,
			.tag = i,
			.origin = ZC_ORIGIN_LAYER,
		};

		calls.kernel = prepare(&zc_model.layers[i]);
		err = profile == NULL ? run_calls(&calls)
				      : zc_measure(&layer, profile->repetition, NULL);
	}
	return err;
}

int zc_model_run_once(const union zc_arg *args, struct zc_reader *rest)
{
	ARG_UNUSED(args);
	ARG_UNUSED(rest);
	return run_layers(NULL);
}

/* So that the host can look at a layer's tensors before others take their memory. */
int zc_model_run_layer(const union zc_arg *args, struct zc_reader *rest)
{
	ARG_UNUSED(rest);
	if (args[0].word >= zc_model.num_layers) {
		return zc_error(-ENOENT, ZC_ERROR_LAYER_UNKNOWN, (uint32_t)args[0].word);
	}
	return run_kernel(prepare(&zc_model.layers[args[0].word]));
}

/*
 * Repetitions, and calls of each layer in a row: 1 if left out. A record for each layer and one for
 * the whole. All repetitions start from the same state.
 */
int zc_model_profile(const union zc_arg *args, struct zc_reader *rest)
{
	uint32_t repetitions = (uint32_t)args[0].word;
	struct profile profile = {
		.number = rest->args_read > 1 ? (uint32_t)args[1].word : 1,
	};
	struct zc_measured whole = {
		.run = run_layers,
		.context = &profile,
		.tag = zc_model.num_layers,
		.origin = ZC_ORIGIN_WHOLE,
	};
	int err = 0;

	/* So that no packet keeps the device busy for ever. */
	if (profile.number == 0 || repetitions > UINT16_MAX / profile.number) {
		return zc_error(-EINVAL, ZC_ERROR_REPETITIONS, UINT16_MAX);
	}
	for (; err == 0 && profile.repetition < repetitions; profile.repetition++) {
		zc_state_reset();
		err = zc_measure(&whole, profile.repetition, NULL);
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
