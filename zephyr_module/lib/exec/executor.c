/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <errno.h>

#include <zephyr/toolchain.h>

#include <zephyr_counters/error.h>

#include "../rpc/arena.h"
#include "../rpc/handler.h"
#include "executor.h"
#include "measure.h"
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
	return zc_error_name(failure != 0 ? failure : -EIO,
			     failure == -ENOMEM ? ZC_ERROR_WORKSPACE_TOO_SMALL
						: ZC_ERROR_KERNEL_FAILED,
			     0, kernel->name, ZC_TERMINATED);
}

/* Calls of one layer in a row, which make up one record. */
struct calls {
	const struct zc_layer *layer;
	uint32_t number;
};

static int run_layer(const void *context)
{
	const struct calls *calls = context;
	const struct zc_layer *layer = calls->layer;
	int err = 0;

	for (uint32_t i = calls->number; err == 0 && i > 0; i--) {
		err = run_kernel(&zc_model.kernels[layer->kernel], layer->args);
	}
	return err;
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
			.run = run_layer,
			.context = &calls,
			.tag = i,
			.origin = ZC_ORIGIN_LAYER,
		};

		calls.layer = &zc_model.layers[i];
		err = profile == NULL ? run_layer(&calls)
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
	struct calls calls = {.number = 1};

	ARG_UNUSED(rest);
	if (args[0].word >= zc_model.num_layers) {
		return zc_error(-ENOENT, ZC_ERROR_LAYER_UNKNOWN, (uint32_t)args[0].word);
	}
	calls.layer = &zc_model.layers[args[0].word];
	return run_layer(&calls);
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
	DLTensor *tensor;
	void *memory;
	int err = zc_arena_alloc(size, ZC_HANDLE_CALL, &memory, &call->memory);

	if (err != 0) {
		return err;
	}
	call->kernel = k;
	call->results = memory;
	call->args = (TVMFFIAny *)(void *)&call->results[num_results];
	tensor = (DLTensor *)(void *)&call->args[k->num_args];
	for (uint32_t i = 0; err == 0 && i < k->num_args; i++, tensor++) {
		call->args[i].type_index = TVM_FFI_DLTENSOR_PTR;
		call->args[i].v_ptr = tensor;
		err = take_tensor(args, k->signature[i].v_ptr, tensor);
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
	return err;
}
