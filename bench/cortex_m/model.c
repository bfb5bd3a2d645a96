/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * Runs a compiled model once. Prints a line per layer, "layer TICKS", and the outputs' bytes as
 * "output N N ...". The inputs are in inputs.h.
 */

#include <stddef.h>
#include <string.h>

#include <zephyr_counters/model.h>

#include "arguments.h"
#include "emulated.h"
#include "inputs.h"

static const struct zc_model_tensor *workspace;
static uint64_t workspace_used;
static int failure;

void zc_kernel_failed(int err)
{
	failure = err;
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
	return result;
}

int TVMBackendFreeWorkspace(int device_type, int device_id, void *ptr)
{
	(void)device_type;
	(void)device_id;
	workspace_used = (uint64_t)((uint8_t *)ptr - (uint8_t *)workspace->data);
	return 0;
}

int main(void)
{
	const uint8_t *input = inputs;

	for (unsigned int i = 0; i < zc_model.num_inputs; i++) {
		const struct zc_model_tensor *tensor = &zc_model.tensors[zc_model.inputs[i]];
		size_t size = zc_model_tensor_size(tensor);

		memcpy(tensor->data, input, size);
		input += size;
	}
	for (unsigned int i = 0; i < zc_model.num_layers; i++) {
		const struct zc_layer *layer = &zc_model.layers[i];
		const struct zc_kernel *kernel = &zc_model.kernels[layer->kernel];
		TVMFFIAny result = {.type_index = TVM_FFI_NONE};
		int err;

		workspace_used = 0;
		workspace =
			layer->scratch == ZC_NO_TENSOR ? NULL : &zc_model.tensors[layer->scratch];
		zc_arguments_of(layer);
		emulated_begin();
		err = kernel->call(NULL, zc_model.args, kernel->num_args, &result);
		emulated_print("layer ");
		emulated_print_number(emulated_end());
		emulated_print("\n");
		if (err != 0 || failure != 0) {
			emulated_print("failed\n");
			return 1;
		}
	}
	for (unsigned int i = 0; i < zc_model.num_outputs; i++) {
		const struct zc_model_tensor *tensor = &zc_model.tensors[zc_model.outputs[i]];
		const uint8_t *data = tensor->data;

		emulated_print("output ");
		for (size_t byte = 0; byte < zc_model_tensor_size(tensor); byte++) {
			emulated_print_number(data[byte]);
		}
		emulated_print("\n");
	}
	return 0;
}
