/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include "arguments.h"

void zc_argument_set(uint32_t index, void *data)
{
	DLTensor *tensor = &zc_model.arg_tensors[index];
	TVMFFIAny *arg = &zc_model.args[index];

	/* All else is 0 from the start, and stays. */
	tensor->data = data;
	tensor->device.device_type = DL_DEVICE_CPU;
	arg->type_index = TVM_FFI_DLTENSOR_PTR;
	arg->v_ptr = tensor;
}

void zc_arguments_of(const struct zc_layer *layer)
{
	for (uint32_t i = 0; i < zc_model.kernels[layer->kernel].num_args; i++) {
		zc_argument_set(i, zc_model.tensors[layer->args[i]].data);
	}
}

uint32_t zc_model_tensor_size(const struct zc_model_tensor *tensor)
{
	uint32_t size = ZC_TYPE_BITS(tensor->type) / 8U;

	for (uint32_t i = 1; i <= ZC_TYPE_NDIM(tensor->type); i++) {
		size *= tensor->type[i];
	}
	return size;
}
