/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * The smallest model that has everything: two kernels in two layers, an input, an output, and
 * scratch memory. scale: y = 2 x + b, over int32[4]. total: z = sum of y, through the workspace.
 */

#include <string.h>

#include <zephyr/sys/util.h>
#include <zephyr/toolchain.h>

#include <zephyr_counters/error.h>
#include <zephyr_counters/model.h>

#define LENGTH 4
#define INT32                                                                                      \
	{                                                                                          \
		.code = DL_INT, .bits = 32, .lanes = 1                                             \
	}
#define CPU                                                                                        \
	{                                                                                          \
		.device_type = DL_DEVICE_CPU, .device_id = 0                                       \
	}
#define TENSOR(data_, shape_)                                                                      \
	{                                                                                          \
		.data = (data_), .device = CPU, .ndim = ARRAY_SIZE(shape_), .dtype = INT32,        \
		.shape = (shape_)                                                                  \
	}
#define ARGUMENT(tensor_)                                                                          \
	{                                                                                          \
		.type_index = TVM_FFI_DLTENSOR_PTR, .v_ptr = (void *)(uintptr_t)(tensor_)          \
	}

static int64_t vector_shape[] = {LENGTH};
static int64_t scalar_shape[] = {1, 1};

static int32_t memory[LENGTH + LENGTH + 1];
static int32_t bias[LENGTH] = {1, 2, 3, 4};
static uint8_t workspace[64] __aligned(16);

static const DLTensor x = TENSOR(&memory[0], vector_shape);
static const DLTensor b = TENSOR(bias, vector_shape);
static const DLTensor y = TENSOR(&memory[LENGTH], vector_shape);
static const DLTensor z = TENSOR(&memory[LENGTH + LENGTH], scalar_shape);

static int32_t *data_of(void *args, int index)
{
	return ((DLTensor *)((TVMFFIAny *)args)[index].v_ptr)->data;
}

static int32_t scale(void *self, void *args, int32_t num_args, void *result)
{
	ARG_UNUSED(self);
	ARG_UNUSED(num_args);
	ARG_UNUSED(result);
	for (int i = 0; i < LENGTH; i++) {
		uint32_t value = 2U * (uint32_t)data_of(args, 0)[i] + (uint32_t)data_of(args, 1)[i];

		data_of(args, 2)[i] = (int32_t)value;
	}
	return 0;
}

/* -1 in the first element asks for more scratch memory than there is, -2 for a failing job. */
static int32_t total(void *self, void *args, int32_t num_args, void *result)
{
	int32_t first = data_of(args, 0)[0];
	int32_t *copy =
		TVMBackendAllocWorkspace(DL_DEVICE_CPU, 0, first == -1 ? 65 : 16, DL_INT, 32);
	uint32_t sum = 0;

	ARG_UNUSED(self);
	ARG_UNUSED(num_args);
	ARG_UNUSED(result);
	if (copy == NULL) {
		return -1;
	}
	memcpy(copy, data_of(args, 0), LENGTH * sizeof(*copy));
	for (int i = 0; i < LENGTH; i++) {
		sum += (uint32_t)copy[i];
	}
	data_of(args, 1)[0] = (int32_t)sum;
	if (first == -2) {
		zc_kernel_failed(-5);
	}
	return TVMBackendFreeWorkspace(DL_DEVICE_CPU, 0, copy);
}

static const TVMFFIAny scale_args[] = {ARGUMENT(&x), ARGUMENT(&b), ARGUMENT(&y)};
static const TVMFFIAny total_args[] = {ARGUMENT(&y), ARGUMENT(&z)};

static const struct zc_kernel kernels[] = {
	{.name = "scale", .call = scale, .signature = scale_args, .num_args = 3},
	{.name = "total", .call = total, .signature = total_args, .num_args = 2},
};

static const struct zc_layer layers[] = {
	{.kernel = 0, .args = scale_args},
	{.kernel = 1, .args = total_args},
};

static const DLTensor *const inputs[] = {&x};
static const DLTensor *const outputs[] = {&z, &y};

const struct zc_model zc_model = {
	.abi = ZC_MODEL_ABI,
	.name = "tiny",
	.hash = {0xaa, 0xbb},
	.kernels = kernels,
	.num_kernels = ARRAY_SIZE(kernels),
	.layers = layers,
	.num_layers = ARRAY_SIZE(layers),
	.inputs = inputs,
	.num_inputs = ARRAY_SIZE(inputs),
	.outputs = outputs,
	.num_outputs = ARRAY_SIZE(outputs),
	.workspace = workspace,
	.workspace_size = sizeof(workspace),
};
