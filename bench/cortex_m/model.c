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

#include "emulated.h"
#include "inputs.h"

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
	uint8_t *result = zc_model.workspace + workspace_used;

	(void)device_type;
	(void)device_id;
	(void)dtype_code_hint;
	(void)dtype_bits_hint;
	if (size > zc_model.workspace_size - workspace_used) {
		return NULL;
	}
	workspace_used += size;
	return result;
}

int TVMBackendFreeWorkspace(int device_type, int device_id, void *ptr)
{
	(void)device_type;
	(void)device_id;
	workspace_used = (uint64_t)((uint8_t *)ptr - zc_model.workspace);
	return 0;
}

static size_t bytes_of(const DLTensor *tensor)
{
	size_t size = tensor->dtype.bits / 8U;

	for (int32_t i = 0; i < tensor->ndim; i++) {
		size *= (size_t)tensor->shape[i];
	}
	return size;
}

int main(void)
{
	const uint8_t *input = inputs;

	for (unsigned int i = 0; i < zc_model.num_inputs; i++) {
		size_t size = bytes_of(zc_model.inputs[i]);

		memcpy(zc_model.inputs[i]->data, input, size);
		input += size;
	}
	for (unsigned int i = 0; i < zc_model.num_layers; i++) {
		const struct zc_layer *layer = &zc_model.layers[i];
		const struct zc_kernel *kernel = &zc_model.kernels[layer->kernel];
		TVMFFIAny result = {.type_index = TVM_FFI_NONE};
		int err;

		emulated_begin();
		err = kernel->call(NULL, (void *)layer->args, kernel->num_args, &result);
		emulated_print("layer ");
		emulated_print_number(emulated_end());
		emulated_print("\n");
		if (err != 0 || failure != 0) {
			emulated_print("failed\n");
			return 1;
		}
	}
	for (unsigned int i = 0; i < zc_model.num_outputs; i++) {
		const uint8_t *data = zc_model.outputs[i]->data;

		emulated_print("output ");
		for (size_t byte = 0; byte < bytes_of(zc_model.outputs[i]); byte++) {
			emulated_print_number(data[byte]);
		}
		emulated_print("\n");
	}
	return 0;
}
