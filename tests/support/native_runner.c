/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * Runs a compiled model without any firmware: every round reads the model's inputs from stdin,
 * walks the plan's layers as often as the argument says (once), and writes its outputs to stdout.
 * Ends at the end of stdin, or after one round if the model has no inputs; prints the layer that
 * failed and exits with 1 if one does.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zephyr_counters/error.h>
#include <zephyr_counters/model.h>

#include "arguments.h"

static const struct zc_model_tensor *workspace;
static uint64_t workspace_used;
static uint64_t workspace_peak;
static int failure;

void zc_kernel_failed(int err)
{
	failure = err;
}

int zc_error(int err, enum zc_error_number number, uint32_t argument)
{
	fprintf(stderr, "zc-error %d %u\n", (int)number, (unsigned int)argument);
	return err;
}

int zc_error_name(int err, enum zc_error_number number, uint32_t argument, const char *name,
		  size_t name_len)
{
	(void)zc_error(err, number, argument);
	fprintf(stderr, "%.*s\n", (int)name_len, name);
	return err;
}

void *TVMBackendAllocWorkspace(int device_type, int device_id, uint64_t nbytes, int dtype_code_hint,
			       int dtype_bits_hint)
{
	uint64_t size = (nbytes + 15U) / 16U * 16U;
	uint8_t *result;

	(void)device_type;
	(void)device_id;
	(void)dtype_code_hint;
	(void)dtype_bits_hint;
	if (workspace == NULL || size > zc_model_tensor_size(workspace) - workspace_used) {
		return NULL;
	}
	result = (uint8_t *)workspace->data + workspace_used;
	workspace_used += size;
	if (workspace_used > workspace_peak) {
		workspace_peak = workspace_used;
	}
	memset(result, 0xa5, size);
	return result;
}

int TVMBackendFreeWorkspace(int device_type, int device_id, void *ptr)
{
	(void)device_type;
	(void)device_id;
	workspace_used = (uint64_t)((uint8_t *)ptr - (uint8_t *)workspace->data);
	return 0;
}

static int run(void)
{
	for (unsigned int i = 0; i < zc_model.num_layers; i++) {
		const struct zc_layer *layer = &zc_model.layers[i];
		const struct zc_kernel *kernel = &zc_model.kernels[layer->kernel];
		TVMFFIAny result = {.type_index = TVM_FFI_NONE};

		workspace_used = 0;
		workspace =
			layer->scratch == ZC_NO_TENSOR ? NULL : &zc_model.tensors[layer->scratch];
		zc_arguments_of(layer);
		if (kernel->call(NULL, zc_model.args, kernel->num_args, &result) != 0 ||
		    failure != 0) {
			fprintf(stderr, "layer %u (%s) failed: %d\n", i, kernel->name, failure);
			return 1;
		}
	}
	return 0;
}

int main(int argc, char **argv)
{
	int repeat = argc > 1 ? atoi(argv[1]) : 1;

	for (;;) {
		for (unsigned int i = 0; i < zc_model.num_inputs; i++) {
			const struct zc_model_tensor *tensor =
				&zc_model.tensors[zc_model.inputs[i]];
			size_t size = zc_model_tensor_size(tensor);

			if (fread(tensor->data, 1, size, stdin) != size) {
				fprintf(stderr, "workspace %u\n", (unsigned int)workspace_peak);
				return 0;
			}
		}
		for (int i = 0; i < repeat; i++) {
			if (run() != 0) {
				return 1;
			}
		}
		for (unsigned int i = 0; i < zc_model.num_outputs; i++) {
			const struct zc_model_tensor *tensor =
				&zc_model.tensors[zc_model.outputs[i]];

			fwrite(tensor->data, 1, zc_model_tensor_size(tensor), stdout);
		}
		if (zc_model.num_inputs == 0) {
			return 0;
		}
	}
}
